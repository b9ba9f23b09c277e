@@
declarer D;
identifier x;
@@
- D(x);

@@
declarer name DEFINE_DOOR;
identifier x;
@@
- DEFINE_DOOR(x);
+ DEFINE_GATE(x);
