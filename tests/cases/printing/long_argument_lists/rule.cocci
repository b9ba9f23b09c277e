@@
expression list es;
@@

- old(es);
+ replacement(es);
