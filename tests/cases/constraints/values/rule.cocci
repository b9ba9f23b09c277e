@@ constant c = {1, 2}; @@
- level(c)
+ low(c)
