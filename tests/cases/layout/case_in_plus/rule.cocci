@@
@@
  switch (...) {
  ...
+ case NEW:
+	handle();
+	break;
  default:
  ...
  }
