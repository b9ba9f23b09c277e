@@ expression e; statement S; @@
- if (unlikely(failed(e))) S
+ check(e);
