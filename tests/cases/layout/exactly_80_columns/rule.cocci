@@ expression e; @@
- f(e)
+ ff(e)
