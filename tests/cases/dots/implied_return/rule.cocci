// `return ...;` is also a bare return, and the end of a function that returns nothing.
@@
@@
- begin();
+ start();
  ... when != end()
  return ...;
