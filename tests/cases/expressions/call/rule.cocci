@@ expression a, b; @@
- old_copy(a, b)
+ new_copy(b, a)
