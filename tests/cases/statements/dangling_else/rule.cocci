@@ expression e; @@
- old(e);
+ if (ready(e))
+	new(e);
