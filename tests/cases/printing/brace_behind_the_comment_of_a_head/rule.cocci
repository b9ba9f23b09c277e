@@
@@
+ ready();
  go();
