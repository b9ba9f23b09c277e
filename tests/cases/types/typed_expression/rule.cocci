@@ struct foo *p; @@
- get(p)
+ get_foo(p)
