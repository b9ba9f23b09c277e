@@
declarer name DEFINE_DOOR;
identifier x;
@@
- DEFINE_DOOR(x);
+ DEFINE_GATE(x);

@@
declarer name DEFINE_GATE;
identifier f;
expression e;
@@
- f(e);
+ called(e);
