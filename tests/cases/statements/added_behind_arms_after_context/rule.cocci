@@
expression V;
@@
  open(V);
(
- lock(V);
|
- lock_slow(V);
)
+ lock_any(V);
