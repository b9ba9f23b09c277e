// when != true: not past a branch that runs because the condition is true.
@@
expression E;
@@
- check(E);
+ test(E);
  ... when != true is_bad(E)
  use(E);
