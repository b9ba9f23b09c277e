@@
expression E, F;
@@
(
- old(E, ...)
+ fresh(E)
&
  F
)
