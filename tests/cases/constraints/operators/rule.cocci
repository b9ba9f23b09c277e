@@ expression a, b; binary operator bop = {==, !=}; @@
- a bop b
+ cmp(a, b)
