@@
expression e, x;
type T;
@@
  e = claim(...);
  ... when != give((T)e)
  middle();
  ... when != x = (T)e
- leave();
+ leave_with(e);
