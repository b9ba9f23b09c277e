@@ expression e; @@
- max(e, e)
+ e
