@@
expression a, b;
@@
- old(a, b);
+ renewed(b);
