@@ expression e; @@
(
- f(0)
+ zero()
|
- f(e)
+ any(e)
)
