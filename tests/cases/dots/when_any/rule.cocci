@@
identifier f;
@@
f(...) {
  ... when any
- g();
+ h();
  ... when any
}
