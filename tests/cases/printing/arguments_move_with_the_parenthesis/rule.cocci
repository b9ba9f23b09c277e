@@
expression b;
@@
- put(b,
+ put_in_place(b,
  ...)

@@
expression e;
@@
- very_long_name(e)
+ v(e)
