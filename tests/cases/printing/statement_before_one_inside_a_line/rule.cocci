@@
expression e;
@@

+ leave();
  return e;
