@@
@@

+ static int *helper(struct s *p)
+ { return p->q; }
  int f(...) { ... }
