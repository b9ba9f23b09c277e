@@
symbol GONE;
identifier e;
@@
  enum e {
  ...,
- GONE = ...,
  ...
  };
