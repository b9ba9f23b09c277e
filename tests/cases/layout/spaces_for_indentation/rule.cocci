@@ expression e; @@
- old(e);
+ first(e);
+ second(e);
