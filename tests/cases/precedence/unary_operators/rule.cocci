@@ expression e; @@
- neg(e)
+ -e
