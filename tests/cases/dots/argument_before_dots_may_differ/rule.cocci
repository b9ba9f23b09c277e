// Dots do not run over a second lock() of the same argument, but over one of another. What `when any`
// lifts is lifted.
@@
expression e;
@@
- lock(e);
+ lock_last(e);
  ...
  unlock();

@@
expression e;
@@
- take(e);
+ take_last(e);
  ...
  give(e);

@@
expression e;
@@
- try(e);
+ try_any(e);
  ... when any
  done();
