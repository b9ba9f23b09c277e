@@
statement S;
@@
  S
+ step();
