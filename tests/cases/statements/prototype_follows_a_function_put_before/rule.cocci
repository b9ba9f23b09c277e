@@
identifier f;
parameter list ps;
@@
+ long f(ps) { return 0; }
- int f(ps) { return x; }
