@@
expression e;
@@
- old((long)e)
+ renewed(e)

@@
expression e;
type T;
@@
- older((T)e)
+ renewed(e)
