@@ expression e; @@
- old(e);
+ one(e);
+ two(e);
