@@
identifier x;
@@
- int x;
+ long x;

@@
identifier x;
@@
- short
+ long
  x;

@@
identifier f, x;
@@
  f(
- int x
+ long x
  ) { ... }

@@
type T;
identifier x;
expression e;
@@
- T x = e;
+ T x;

@@
type T;
identifier x;
@@
- T x[2];
+ T x[4];
