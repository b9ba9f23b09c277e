@@
expression e, n;
statement s;
@@
- while (e) {
-   first(n);
+   only(n);
    s
- }
