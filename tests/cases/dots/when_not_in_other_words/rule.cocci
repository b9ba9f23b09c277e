@@
expression x;
@@
  take(x);
  ... when != x == NULL
- put(x);
+ drop(x);
