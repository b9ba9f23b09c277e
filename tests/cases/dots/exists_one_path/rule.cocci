@@
expression E;
@@
// Under forall one bad path ends the match: nothing here.
- get(E);
+ acquire(E);
  ... when != put(E)
  put_last(E);

@two exists@
expression E;
@@
- get2(E);
+ acquire2(E);
  ... when != put(E)
  put_last(E);
