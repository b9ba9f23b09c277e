@@ expression e; @@
- size_of(e)
+ e->size
