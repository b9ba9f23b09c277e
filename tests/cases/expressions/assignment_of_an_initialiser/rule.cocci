// An assignment to the same name may stand in a declaration.
@@
expression E, F;
@@
- E = old_value(F)
+ E = new_value(F, 0)

@@
expression x;
@@
- x = first_of(F)
+ head = first_of(F)

@@
expression E;
@@
  E = new_value(
- a
+ b
  , 0)
