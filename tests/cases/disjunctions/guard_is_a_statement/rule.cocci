@@
expression e, v;
@@
(
  use(v);
|
  log(...);
|
- e->len
+ len_of(e)
)
