@@
identifier a, b != a;
@@
- swap(b, a)
+ swap_two(b, a)

@@
identifier from, to = {from, both};
@@
- take(from);
  ...
- give(to);
+ settle(from);
