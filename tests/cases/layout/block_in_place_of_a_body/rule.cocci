@@
expression c;
@@
  if (c)
- one();
+ {
+ log(c);
+ two();
+ }
