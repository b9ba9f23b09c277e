@@
identifier f;
expression E;
@@
f(...) {
  ... when != other
- target(E);
+ replaced(E);
  ... when != other
}
