@@ expression e; @@
  submit(e);
+ finish(e);
