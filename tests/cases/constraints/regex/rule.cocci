@@ identifier f =~ "^old_.*_lock$"; @@
- f();
+ new_lock();
