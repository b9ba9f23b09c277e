@@
expression a, b;
@@
- a, b;
+ both(a, b);
