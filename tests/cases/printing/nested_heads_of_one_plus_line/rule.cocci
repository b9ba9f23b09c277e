@@
expression e, f;
statement S;
@@
- if (e && f) S
+ if (e) { if (f) S }
