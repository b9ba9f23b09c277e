@@
declarer name DEFINE_DOOR;
identifier x;
@@
- DEFINE_DOOR(x);
+ static DEFINE_GATE(x);

@@
identifier f;
@@
+ static
  int f(...) { ... }
