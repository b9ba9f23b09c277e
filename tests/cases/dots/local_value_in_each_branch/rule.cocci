// A metavariable of one place only stands for something else in each branch.
@@
expression E;
@@
  begin();
  ...
- end(E);
+ stop(E, 0);
