@@
expression e;
@@
- h(e)
+ k(e)
