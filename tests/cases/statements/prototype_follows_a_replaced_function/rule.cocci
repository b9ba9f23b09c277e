@@
identifier f;
parameter list ps;
@@
- int f(ps) { return x; }
+ long f(ps) { return 0; }
