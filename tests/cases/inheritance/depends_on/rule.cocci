@uses@
@@
  #include <linux/new.h>

@depends on uses@
expression e;
@@
- f(e)
+ g(e)
