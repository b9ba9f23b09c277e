@@
identifier l;
expression e;
@@
- jump_to(&&l, e)
+ branch(&&l, e)
