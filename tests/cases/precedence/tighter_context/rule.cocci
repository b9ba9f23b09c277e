@@ expression e; @@
- a(e)
+ e
