@def@
declarer D;
identifier m;
@@
D(m);

@@
identifier def.m;
@@
- take(&m)
+ grab(&m)

@@
declarer name DEFINE_GATE;
identifier m;
@@
- DEFINE_GATE(m);
+ DEFINE_DOOR(m);
