// The type of an expression has the sizes of its arrays and the parameters of its functions.
@@
type T;
T e;
@@
- use(e);
+ T copy;
+ take(copy, e);
