@@ expression e; @@
- absent(e)
+ present(e)
