@@
@@
  while (...) {
  <...
  poll(...);
  ...>
+ relax();
  }

@@
expression e;
@@
  if (...) {
+ trace();
  <+...
- kick(e);
+ kick_off(e);
  ...+>
  }
