@@ expression e; @@
- e++
+ e += 1
