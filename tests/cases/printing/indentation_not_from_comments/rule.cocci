@@
expression p;
@@
- safe_close(p);
+ if (p)
+         close(p);
