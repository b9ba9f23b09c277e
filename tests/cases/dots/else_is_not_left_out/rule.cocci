// A pattern without else does not match an if that has one.
@@
@@
- begin();
+ start();
  ...
  if (bad) { ... }
