@@
symbol door;
@@
- door
+ gate
