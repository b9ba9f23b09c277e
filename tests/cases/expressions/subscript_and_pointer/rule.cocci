@@ expression a, i; @@
- a[i]
+ *slot(a, i)
