@@ expression e; @@
- old(e);
+ first(e);
+ if (e)
+	second(e);
