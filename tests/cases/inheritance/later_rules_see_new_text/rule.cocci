@first@ expression e; @@
- f(e)
+ g(e, 0)

@second@ expression e; @@
- g(e, 0)
+ h(e)
