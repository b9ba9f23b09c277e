@@
expression e;
statement S;
@@

  if (e)
+ {
+ enter();
  S
+ }
