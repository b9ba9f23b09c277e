@@
identifier x;
@@
- static struct ops x = { ... };

@@
expression e;
@@
- (struct pair){ e }
+ pair(e)
