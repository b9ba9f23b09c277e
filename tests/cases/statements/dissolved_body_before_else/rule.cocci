@@
expression e;
statement S;
@@
- while (e)
    S
