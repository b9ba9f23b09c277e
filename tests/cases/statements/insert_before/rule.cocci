@@ expression e; @@
+ prepare(e);
  submit(e);
