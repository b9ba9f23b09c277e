@@
expression V;
constant E;
@@
- if (map(V))
(
-	return -E;
|
-	{ return -E; }
)
+ take(V);
+ V->error = -E;
