@@
identifier x;
@@
- int x;
+ s32 x;

@@
int e;
@@
- put(e)
+ put_s32(e)
