@disable isnt_zero, not_int1, not_int2, commneq, commneq_any@ expression e; statement S; @@
- if (ready(e) != 0) S
+ if (is_ready(e)) S
