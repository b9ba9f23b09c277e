@@ expression e; @@
- on(e)
+ is_switched_on(e)
