@@
expression V, X;
@@
  if (X)
(
  log_view(V, ...);
&
  log_view(..., 0);
)
+ put_view(V);
