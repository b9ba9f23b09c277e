@@
constant n;
@@
- n
+ n + 1

@@
idexpression x;
@@
- x
+ x->n
