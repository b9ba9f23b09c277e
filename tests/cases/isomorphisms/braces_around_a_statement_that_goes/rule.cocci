@@
expression e, f;
@@
  if (e) {
  ...
- gone(f);
  }

@@
expression e, f;
@@
  if (e) {
  ...
- old(f);
+ fresh(f);
  }

@@
expression e, f;
@@
  while (e) {
  <...
- nested(f);
  ...>
  }
