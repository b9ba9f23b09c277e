// A branch that returns is matched by one that jumps to a return.
@@
expression x;
@@
  x = alloc();
  ...
- if (x == NULL) {
+ if (!x) {
  ...
  return ...;
  }
