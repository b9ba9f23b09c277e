@@ expression e; @@
- while (busy(e))
+ while (is_busy(e))
  {
  ...
  }
