@@
identifier x;
@@
- int x;
+ long x;
  ...
? last(x);

@@
expression e;
@@
- init(e)
+ setup(e)
  ...
? last(e);

@@
identifier x;
@@
- char x;
  ... when != x
