@@
expression E;
@@
- get(E);
+ acquire(E);
  ... when != put(E)
- put_last(E);
+ release_last(E);
