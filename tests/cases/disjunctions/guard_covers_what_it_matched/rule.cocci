@@
expression e;
@@
(
  sizeof(e)
|
  keep(e, ...)
|
- e->len
+ len_of(e)
)
