@@
symbol flags;
@@
+ u32 flags;
- int flags;

@@
identifier i;
@@
- short i;
+ int i;
