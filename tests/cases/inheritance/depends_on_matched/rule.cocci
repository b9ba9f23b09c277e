@r@
@@
  marker();

@depends on r@
expression e;
@@
- f(e)
+ g(e)

@depends on !r@
expression e;
@@
- f(e)
+ h(e)
