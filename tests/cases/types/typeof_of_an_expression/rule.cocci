@@
expression e;
identifier x;
@@
- typeof(e) x;
+ int x;

@@
type T;
identifier x;
@@
- typeof(T) x;
+ T x;
