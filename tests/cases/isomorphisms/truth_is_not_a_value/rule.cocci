@@ expression e; @@
- ready(e) != 0
+ is_ready(e)
