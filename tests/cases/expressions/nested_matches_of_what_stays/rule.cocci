@@ @@
- widen
+ widen_to
  (...)

@@ @@
  pick(
+ DEFAULT,
  ...)
