@@
@@

+ #ifdef FOO
+ before();
+ #endif
  a();
+ #ifdef BAR
+ after();
+ #endif
