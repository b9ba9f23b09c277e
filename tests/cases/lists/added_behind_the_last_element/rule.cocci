@@
identifier i;
expression e;
@@
  struct ops i = {
  .open = e,
+ .close = shut,
  };

@@
identifier n;
@@
  enum n {
  ...,
  LAST,
+ MORE,
  };
