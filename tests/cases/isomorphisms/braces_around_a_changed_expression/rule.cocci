@@
expression e, n;
@@
  if (e == NULL) {
  ...
- e = vmalloc(n)
+ e = kvmalloc(n)
  ...
  }
