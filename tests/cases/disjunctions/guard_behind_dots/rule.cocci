@@
expression e, x;
@@
 x = claim();
 <...
(
  sizeof(e)
|
  e == NULL
|
- e->len
+ len_of(e)
)
 ...>
