@@ expression a, b; @@
- (a | b)
+ either_of_these_two(a, b)
