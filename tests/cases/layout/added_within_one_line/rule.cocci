@@
expression e;
@@
  a(e);
+ b(e);

@@
identifier s;
@@
  struct s {
  ...
  int first;
+ int second;
  ...
  };
