@@
identifier x;
type T;
@@
- T x;
  ... when != x
?- x = 0;
  ... when != x
