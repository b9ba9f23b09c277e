@r@
position p;
expression e;
@@
  checked(f@p(e))

@@
expression e;
position q != r.p;
@@
- f@q(e)
+ g(e)
