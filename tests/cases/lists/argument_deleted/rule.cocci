@@ expression e; @@
  open_it(e,
- FLAGS,
  ...)
