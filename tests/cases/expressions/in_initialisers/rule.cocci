@@ expression e; @@
- hook(e)
+ HOOK(e)
