@@
expression p;
@@
- p->x
+ get(p)
