@@ expression e; @@
- first(e)
+ one(e)

@@ expression e; @@
- second(e)
+ two(e)
