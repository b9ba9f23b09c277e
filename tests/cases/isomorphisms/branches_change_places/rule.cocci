// `if (!e) A else B` is `if (e) B else A`, and `a == b` is negated to `a != b`; a condition that the rule
// changes gets its `!` in front.
@@
expression e;
statement S;
@@
 if (!e) {
  ...
- fail(e);
 } else S

@@
expression a, b;
statement S;
@@
 if (a < b && a == limit) {
- raise(a);
  ...
 } else S

@@
expression e;
statement S1, S2;
@@
 if (
- empty(e)
+ !e
 ) S1 else S2
