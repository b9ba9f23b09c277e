@@
identifier nr;
type T;
@@
- T bell_ring(int nr)
+ T bell_ring(unsigned long nr)
  { ... }

@@
identifier dev;
@@
- int bell_mute(struct bell *dev)
+ void bell_mute(const struct bell *dev)
  { ... }
