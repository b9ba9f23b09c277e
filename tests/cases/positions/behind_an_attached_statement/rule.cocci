@r@
expression e;
statement S;
position p;
@@
  e ,@S@p f();

@@
statement T;
position r.p;
@@
- T@p
+ found();
