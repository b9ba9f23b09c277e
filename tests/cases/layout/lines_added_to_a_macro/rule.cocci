@@
expression E;
@@
  ring_put(E);
+ // it may be the last
+ ring_wake(E);
