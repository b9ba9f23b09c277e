@@
expression e;
@@

- a(e);
+ if (e) b();
