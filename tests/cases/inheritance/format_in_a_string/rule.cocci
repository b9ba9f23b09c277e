@r@
format d =~ "x";
expression e;
@@
trace("%@d@", e)

@@
format r.d;
expression r.e;
@@
- note("now %@d@\n", e)
+ tell("%@d@\n", e)
