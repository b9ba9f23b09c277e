@@
identifier e, last;
@@
  enum e {
+ FIRST,
  ..., last
+ , LAST
  };

@@
identifier o;
expression x;
@@
  struct ops o = {
  ...,
+ .owner = THIS_MODULE,
  .open = x,
  ...
+ , .flags = 0
  };

@@
identifier s;
@@
  struct s {
  ...
+ int users;
  spinlock_t lock;
  ...
  };

@@
field list fs;
@@
  struct pair {
- fs
+ int tag;
+ fs
  };
