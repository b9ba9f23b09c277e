@@
expression e;
@@
  first(..., e, ...);
  ...
  second(..., e, ..., e, ...);
++ pair(e);
