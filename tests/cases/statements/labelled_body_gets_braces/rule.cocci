@@
expression e;
@@
- put(e);
+ put_all(e);
+ note(e);
