@@
expression e;
@@
  start(e)
+ // needs the lock

@@
expression e;
@@
  stop(e)
+ /* drops the lock */
