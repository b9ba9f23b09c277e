@@ identifier f != {keep, keep_too}; expression e; @@
- old(f, e)
+ f(e)
