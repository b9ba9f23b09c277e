@@
@@

- gone();
