// An initialiser of one line in plus code stays one, unless a comma ends its list: that asks for an
// element a line.
@@
identifier I, f;
@@
 struct driver I = {
- .name = f,
+ .base = { .name = f, },
 };

@@
identifier I, f;
@@
 struct device I = {
- .name = f,
+ .base = { .name = f },
 };
