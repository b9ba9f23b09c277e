@@
declaration d;
@@
- d
