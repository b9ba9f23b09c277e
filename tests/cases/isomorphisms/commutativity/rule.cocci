@@ expression e; @@
- LIMIT + e
+ limit(e)
