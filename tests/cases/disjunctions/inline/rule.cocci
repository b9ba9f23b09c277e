@@ expression e; @@
- \(kmalloc\|kzalloc\)(e)
+ alloc(e)
