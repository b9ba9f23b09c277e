@@
type T;
identifier x;
expression e;
@@
- T x = get(e);
+ T x;
+ x = get_ref(e);

@@
identifier x;
expression e;
declarer name track;
@@
  struct ref x = e;
+ track(x);

@@
identifier x;
expression e;
@@
  int x = e;
+ use(x);
+ EXPORT(x);
