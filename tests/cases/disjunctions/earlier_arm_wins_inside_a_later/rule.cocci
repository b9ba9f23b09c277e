@@
expression e;
@@
(
- first(e)
+ one(e)
|
- e + 2
+ next(e, 2)
)
