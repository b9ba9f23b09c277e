@@ expression e; @@
- e = alloc(1)
+ e = alloc_one()
