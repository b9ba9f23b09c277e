@@
expression p;
@@
- hold(p);
+ get(p);
  ... when != \( put(p) \| <+... p ...+> \)
  release(p);
