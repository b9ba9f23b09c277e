@@
@@
...
- #include <asm/old.h>
+ #include <asm/new.h>

@@
identifier n;
expression e;
@@
...
- #define n (e)
...
