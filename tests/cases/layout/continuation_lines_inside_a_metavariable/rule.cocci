@@ expression a, b; @@
- old(a, b)
+ renewed(a, b)
