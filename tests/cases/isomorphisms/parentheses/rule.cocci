@@ expression a, b; @@
- (a & b) == b
+ has(a, b)
