@r@
format list ds;
expression list es;
@@
trace("%@ds@", es)

@@
format list r.ds;
expression list r.es;
@@
- note("%@ds@", es)
+ tell("%@ds@", es)
