@@ expression a, b; @@
- lock(a);
- unlock(a);
+ touch(a);
