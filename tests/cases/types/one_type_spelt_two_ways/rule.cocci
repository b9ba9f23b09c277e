@@
type T;
expression e;
identifier x;
@@
- T x = (T)e;
+ T x = e;
