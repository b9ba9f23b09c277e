@@ expression e; @@
- old(e)
+ renewed(e)
