@@
expression E;
@@
- get(E);
+ one(&E->x);
+ two(&E[1], &E.y);
+ three(&E);
