@@
identifier f;
@@
+ int helper(void);
  int f(...) { ... }

@@
@@
+ struct more { int n; };
  int last;
