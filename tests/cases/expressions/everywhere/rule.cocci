@@ expression e; @@
- get(e)
+ take(e)
