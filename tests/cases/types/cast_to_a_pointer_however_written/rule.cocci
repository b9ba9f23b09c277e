@@
type T;
T *p;
@@

- (T *)p
+ p
