@@
expression x;
@@
 for (...; ...; ...) {
 <...
- put(x);
+ put_one(x);
 ...>
 }

@@
expression x;
@@
 while (...) {
 <+...
- get(x)
+ get_one(x)
 ...+>
 }
+ finish();
