@@ expression *x; @@
- free_one(x);
+ if (x != NULL)
+	free_all(x);
