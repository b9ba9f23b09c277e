@@
symbol last;
@@

  f(...,
+ 12,
  last, ...)
