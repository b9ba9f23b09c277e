@@ constant c; @@
- set(c)
+ set_constant(c)
