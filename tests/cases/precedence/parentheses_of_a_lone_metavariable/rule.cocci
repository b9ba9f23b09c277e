@@ expression e; @@
- same(e)
+ e

@@ expression e, f; @@
- either(e, f)
+ f
