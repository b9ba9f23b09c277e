@@ expression c, a, b; @@
- c ? a : b
+ choose(c, a, b)
