@@
type T;
identifier var;
attribute name autofree;
@@
  T var
- autofree
  = NULL;
  ...
++ kfree(var);
  return ...;
