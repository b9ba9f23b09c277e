@@
iterator name each_child, for_each_child, for_each_child_scoped;
expression parent, child;
statement S;
@@
- for_each_child(parent, child)
+ for_each_child_scoped(parent, child)
  S

@@
iterator name each_child;
expression e;
@@
- mark(e);
+ each_child(e, c)
+ 	use(c);
