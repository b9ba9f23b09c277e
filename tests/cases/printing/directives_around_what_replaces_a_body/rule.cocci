@@
identifier x;
@@
- start(x);
+#ifdef CONFIG_PM
+ resume(x);
+#endif

@@
expression e;
@@
  stop(e);
+ #if DEBUG
+ trace(e);
+ #endif
