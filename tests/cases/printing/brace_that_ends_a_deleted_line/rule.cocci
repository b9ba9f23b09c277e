@@
@@
- gone();
