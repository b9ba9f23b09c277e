@@
statement S;
expression e;
@@
 e = claim(...);
 ... when != if (...) { <+... release(e, ...) ...+> } else S
- leave();
+ leave_with(e);
