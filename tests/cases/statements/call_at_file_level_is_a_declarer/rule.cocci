@@
identifier f;
expression list es;
@@
- f(es)
+ called(es)
