@@ type T; expression e; @@
- (T)fetch(e)
+ fetch(e)
