@@
expression x;
@@
 while (...) {
  step(x);
 }
+ settle(x);

@@
expression x;
@@
 if (...) {
  stop(x);
 }
+ stopped(x);
