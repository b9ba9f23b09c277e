@@ expression e; @@
- if (ready(e) != 0)
+ if (is_ready(e))
  S();
