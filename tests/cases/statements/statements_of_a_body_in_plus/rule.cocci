@@
expression e;
statement S;
@@
- if (valid(e)) S
+ note(e);
+ S

@@
expression e;
statement S, T;
@@
- if (odd(e)) S else T
+ T
+ S

@@
expression e;
statement list L;
@@
- if (even(e)) { L }
+ L
