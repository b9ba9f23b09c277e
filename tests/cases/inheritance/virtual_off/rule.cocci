virtual strict

@depends on strict@ @@
- f()
+ g()
