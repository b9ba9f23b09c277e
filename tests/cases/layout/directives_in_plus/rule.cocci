@@
@@
- #define A 1
+ #define A 2
+ #define B 3

@@
@@
  #define C
+ #define D 4

@@
@@
  #include <linux/a.h>
+ #include <linux/b.h>
