@@ expression e; @@
(
  keep(f(e))
|
- f(e)
+ g(e)
)
