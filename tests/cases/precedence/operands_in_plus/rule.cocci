@@ expression a, b; @@
- mul(a, b)
+ a * b
