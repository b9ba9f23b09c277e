@@
expression e;
@@
- #define warn(fmt, ......) e
+ #define report(fmt, ......) e

@@
identifier args;
expression e;
@@
- #define info(fmt, args......) e
+ #define note(fmt, args......) e
