// An assignment to the same name may stand in a declaration.
@@
expression E, F;
@@
- E = old_value(F)
+ E = new_value(F, 0)

@@
expression E;
@@
  E = new_value(
- a
+ b
  , 0)
