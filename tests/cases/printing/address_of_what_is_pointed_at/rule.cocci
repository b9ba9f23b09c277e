@@
expression E;
@@
- set(E, 1);
+ set_one(&E);
+ note(a &E, 2 & E);
