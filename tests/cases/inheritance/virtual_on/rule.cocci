virtual strict, loose

@depends on strict && !loose@ @@
- f()
+ g()

@depends on loose || (strict && loose)@ @@
- f()
+ h()
