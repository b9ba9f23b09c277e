@@
@@
  open();
+ check();
