@@
expression e;
@@
- mark(e);
+ for (int i = 0; i < 4; i++)
+ 	one(i);
+ for (;;) {
+ 	two(e);
+ 	break;
+ }

@@
expression e;
@@
- choose(e);
+ switch (e) {
+ case 1:
+ 	one(e);
+ 	break;
+ case 2:
+ case 3: {
+ 	if (e)
+ 		two(e);
+ 	break;
+ }
+ default:
+ 	break;
+ }

@@
expression e;
@@
- either(e);
+ if (e) {
+ 	one(e);
+ } else if (e > 3) {
+ 	two(e);
+ } else {
+ 	three(e);
+ }
