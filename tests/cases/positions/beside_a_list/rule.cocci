@r@
identifier fn;
parameter list Ps;
expression list Es;
position p;
@@
  int fn(Ps@Es@p) { ... }

@@
identifier r.fn;
expression list r.Es;
@@
- fn(Es)
+ again(Es)

@call@
expression list args;
position q;
@@
  note(args@q)

@@
expression list args;
position call.q;
@@
- note(args@q)
+ noted(args)
