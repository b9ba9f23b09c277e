@r@
position p;
expression e;
@@
  checked(f@p(e))

@@
expression r.e;
position r.p;
@@
- f@p(e)
+ g(e)
