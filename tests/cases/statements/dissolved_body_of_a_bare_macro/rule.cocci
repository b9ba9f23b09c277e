@@
expression e, n;
statement s;
@@
- if (e == 0) {
    first(n);
    s
- }
