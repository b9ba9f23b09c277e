@@
expression a, b;
@@
- old_name_of_it(a, b)
+ fresh(a, b)

@@
expression a;
expression list rest;
@@
- send(a, rest)
+ send_with_a_longer_name(rest)

@@
expression c;
@@
  if (c)
- note();
+ note(c);
