@@ expression e; @@
- if (e)
-	destroy(e);
+ destroy(e);
