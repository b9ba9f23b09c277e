@@ expression a, b; @@
- a + b
+ sum(a, b)
