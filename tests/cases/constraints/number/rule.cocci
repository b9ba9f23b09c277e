@@ constant c > 10; @@
- level(c)
+ high(c)
