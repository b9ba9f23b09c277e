@@ expression a, b; @@
- a << b
+ shift(a, b)
