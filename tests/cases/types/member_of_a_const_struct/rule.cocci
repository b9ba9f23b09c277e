@ disable drop_cast @
type T;
T e;
@@
- (T)
  e
