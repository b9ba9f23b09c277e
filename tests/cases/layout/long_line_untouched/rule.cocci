@@ @@
- old
+ renewed
  (...)
