@@ identifier x; expression e; @@
- int x = legacy(e);
+ long x = modern(e);
