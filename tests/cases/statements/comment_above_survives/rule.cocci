@@ @@
- trace();
+ log();
