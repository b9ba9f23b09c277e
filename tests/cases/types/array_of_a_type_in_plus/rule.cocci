@@
type T;
identifier x != keep;
@@
- T x;
+ T *x;

@@
type T;
identifier y;
@@
- T y[] = { 0 };
+ static T y[4];
