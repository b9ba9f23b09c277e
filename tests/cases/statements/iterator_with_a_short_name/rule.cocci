@@
iterator name each;
expression e;
@@
  each(e) {
- visit(e);
+ call(e);
  }

@@
expression e;
statement s;
@@
- if (e) s
