@@ expression a, b; @@
  2 * (
- a + b
+ sum(a, b)
  )
