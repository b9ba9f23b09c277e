@swap@ expression a, b; @@
- pair(a, b)
+ pair(b, a)
