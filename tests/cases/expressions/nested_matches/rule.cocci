@@ expression e; @@
- strip(e)
+ e
