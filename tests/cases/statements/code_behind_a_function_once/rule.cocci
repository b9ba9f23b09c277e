@@
identifier f;
@@
  int f(...) { ... }
+ EXPORT(f);

@@
identifier g;
@@
  void g(...) {
  ...
+ leave();
  }
