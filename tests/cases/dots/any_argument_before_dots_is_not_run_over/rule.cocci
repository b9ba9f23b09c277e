// Of several calls before unlock(), with whatever argument, the last one counts; where the argument
// counts later on, the last with that one.
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
