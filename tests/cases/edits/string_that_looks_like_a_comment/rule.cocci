@@
expression e;
@@
- f(e, ...);
+ g();

@@
expression e;
@@
- h(e, ...)
+ k(e)
