@r@
identifier f;
@@
  register_handler(f);

@@
identifier r.f;
expression e;
@@
- f(e)
+ call(f, e)
