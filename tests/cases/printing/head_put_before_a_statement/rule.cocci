@@
@@

+ #ifdef FOO
+ if (ready())
+ #endif
  a();
