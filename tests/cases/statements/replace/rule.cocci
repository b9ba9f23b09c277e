@@ expression e; @@
- old_lock(e);
+ new_lock(e);
+ note(e);
