@@
statement S, T;
@@
  if (...)
  S
  else
+ {
+ trace();
  T
+ }
