@@ expression e; @@
- f(e)
+ f(e)
