@@
identifier f, dev, flags;
@@
  int f(
-	struct port *dev
+	struct bus *bus, unsigned int lanes
	, int flags
+	, char name[8]
  )
  { ... }

@@
identifier g, x;
@@
- void
+ int
  g(long x) { ... }

@@
identifier h = {lookup}, p;
type T;
@@
  h(
-	T p,
	...) { ... }
