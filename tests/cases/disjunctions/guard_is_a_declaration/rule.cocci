@@
expression e;
identifier x;
type T;
@@
(
  T x = e;
|
- e->len
+ len_of(e)
)
