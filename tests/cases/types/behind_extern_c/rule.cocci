@@
bool b;
@@
- b == 0
+ !b

@@
identifier f;
@@
 f(...)
 {
+	enter();
 	...
 }
