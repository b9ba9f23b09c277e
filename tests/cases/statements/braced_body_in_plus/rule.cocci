@@ expression e; statement S, T; @@
- if (ready(e)) S else T
+ if (!ready(e)) T else S
