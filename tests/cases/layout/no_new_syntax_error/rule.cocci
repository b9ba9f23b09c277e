@@ expression e; @@
- old(e)
+ broken(e) e
