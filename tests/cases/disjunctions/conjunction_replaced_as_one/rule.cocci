@@
expression e;
@@
(
  put(e, ...)
&
- put(e, 0)
+ drop(e)
)
