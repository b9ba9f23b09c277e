@@ expression e; @@
  register_it(...,
- OLD
+ NEW
  , ...)
