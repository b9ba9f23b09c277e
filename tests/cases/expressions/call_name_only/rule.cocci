@@ @@
- old_copy
+ new_copy
  (...)
