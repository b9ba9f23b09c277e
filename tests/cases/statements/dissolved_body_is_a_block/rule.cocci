@@
statement S;
@@
- if (debug)
    S
