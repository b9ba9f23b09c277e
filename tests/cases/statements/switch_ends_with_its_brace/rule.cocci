@@
expression e;
@@
- switch (e) {
- case 1:
-	start();
-	break;
- default:
-	stop();
-	break;
- }
+ run(e);

@@
expression e;
@@
  switch (e) {
  case 7:
	...
  }
+ settle();
