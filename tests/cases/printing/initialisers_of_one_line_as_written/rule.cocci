@@
expression e;
@@
- mark(e);
+ unsigned long flags[4] = { 0 };
+ struct foo s = { .a = 1, .b = 2 };
+ struct foo t[] = { { .a = 1 }, { .b = 2 } };
+ struct foo u = {};
+ struct foo v = {
+ 	.a = 1,
+ 	.b = (struct bar){ 2 },
+ };

@@
identifier t;
@@
 static const struct id t[] = {
 ...,
- { },
+ { }
 };
