@@ expression *e; statement S; @@
- if (find(e) == NULL) S
+ if (!have(e)) S
