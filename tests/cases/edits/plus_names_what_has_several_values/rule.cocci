@@
expression e;
identifier f;
@@
  f(...) {
++ log(e);
  <... get(e) ...>
  }

@@
expression e;
identifier f;
@@
  f(...) {
+ check(e);
  <... put(e) ...>
  }
