@@
expression e;
statement S, T;
@@
- if (slow(e)) S else T
+ if (fast(e))
+   T
+ else
+   S

@@
expression e;
statement S, T;
@@
- if (odd(e)) { S } else T
+ if (!even(e)) S else T
