@@ expression e; @@
- return fail(e);
+ return -e;
