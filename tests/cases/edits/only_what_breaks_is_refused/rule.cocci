@@
expression e;
@@
- put(e);
