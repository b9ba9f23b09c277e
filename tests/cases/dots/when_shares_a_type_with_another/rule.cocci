@@
expression e, x;
type T;
@@
  e = claim(...);
  ... when != give((T)e)
      when != x = (T)e
- leave();
+ leave_with(e);
