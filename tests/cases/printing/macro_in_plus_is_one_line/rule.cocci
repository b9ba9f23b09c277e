@@
identifier i;
@@
- #define OLD(i) i
+ #define ONE(i, flags) (i|flags)
+ #define TWO(i,flags)do { i|flags; log(i); } while (0)
+ #define THREE(i)     \
+         log(i);      \
+         flush(i)
+ #define FOUR  i;
