@@
expression old, new;
@@
  old = new;
  ... when != \(put(old)\|put(new)\|&old\|&new\)
- drop(old);

@@
expression a, b;
@@
  pair(a, b);
  <...
(
- get(a)
+ get_first(a)
|
- get(b)
+ get_second(b)
)
  ...>
  done(a);
