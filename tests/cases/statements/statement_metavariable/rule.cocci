@@ expression e; statement S; @@
- if (ENABLED(e)) S
+ S
