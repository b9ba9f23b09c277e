@@ expression e; @@
- !enabled(e)
+ disabled(e)
