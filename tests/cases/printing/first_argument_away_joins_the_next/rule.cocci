@@
@@
 drop(
- store(the_one),
 ...)

@@
expression e;
@@
- last(e,
-      0)
+ last(e)
