// T is the struct of the first rule; a parameter may have it by its typedef's name.
@r@
type T;
@@
 T {
  ...
- old_t link;
+ struct link link;
  ...
 };

@@
type r.T;
identifier f, s, m;
@@
 f(..., T *s, ...) {
  <...
- s->link.m
+ s->link.new.m
  ...>
 }
