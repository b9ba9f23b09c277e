@@
format d;
format list l;
expression e;
expression list es;
@@
(
- log("x: %@d@\n", e)
+ trace("%@d@", e)
|
- warn("bad %@l@ here", es)
+ alarm("%@l@", es)
|
- note("...%u...", es)
+ count(es)
)
