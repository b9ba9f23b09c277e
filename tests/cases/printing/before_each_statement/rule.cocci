@@
statement S;
@@
+ step();
  S
