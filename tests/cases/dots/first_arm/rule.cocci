// The earliest arm that matches wins.
@@
expression E;
@@
  begin();
  ...
(
- f(1);
+ one();
|
- f(E);
+ other(E);
)
