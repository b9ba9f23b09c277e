@last@
identifier f;
statement S;
@@
f(...) {
... S
+ trace_end();
}

@each@
expression e;
statement S;
@@
  lock(e);
  ...
  S
+ step(e);
  ...
  unlock(e);

@body@
expression c;
statement S;
@@
  while (c) {
  ...
- S
+ rest();
  }
