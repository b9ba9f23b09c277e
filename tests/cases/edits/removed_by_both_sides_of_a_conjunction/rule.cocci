@@
expression e, a;
@@
- f(\( e \& a + 1 \))
+ g(e, a)
