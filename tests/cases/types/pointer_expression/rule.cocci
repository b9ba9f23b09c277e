@@ expression *e; @@
- is(e)
+ is_pointer(e)
