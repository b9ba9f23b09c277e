@@
declaration d;
@@
  d
+ int added;
