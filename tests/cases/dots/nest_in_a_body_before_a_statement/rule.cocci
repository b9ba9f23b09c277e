@@
expression e;
statement s;
@@
  while (e) { <+...
- take(e);
+ put(e);
  ...+> }
  s

@@
expression e;
statement s;
@@
  if (e) { <...
- get(e);
+ hold(e);
  ...> }
  s
