@@
identifier M;
constant C;
@@
- #define M old(C)
+ #define M fresh(C)

@@
identifier I;
@@
- #define bump(I) old(I)
+ #define bump(I) fresh(I)

@@
@@
- #define NARROW old()
+ #define WIDE fresh()
