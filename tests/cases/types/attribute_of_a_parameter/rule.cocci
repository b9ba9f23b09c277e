@@
attribute name UNUSED;
identifier fn, a, b, d;
@@
int fn(const char *a, const char *b,
- const struct context *ctx UNUSED,
  void *d)
 { ... }

@@
attribute name UNUSED;
identifier fn, a;
@@
long fn(int a UNUSED)
 {
+ ignore(a);
  ...
 }

@@
attribute name UNUSED;
identifier fn, a;
@@
void fn(...,
  char a
- UNUSED
  )
 { ... }
