@@
identifier arg;
expression e;
binary operator op;
@@
+ (
  arg
+ )
  op e
