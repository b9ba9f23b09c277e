@@ expression e; @@
- e->refs
+ e->count
