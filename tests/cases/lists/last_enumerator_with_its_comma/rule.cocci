@@
identifier e;
expression E;
@@
enum e { ...,
- OLD_MAX = E,
+ MAX_OLD = E,
... };

@@
identifier e;
@@
enum e { ...,
- UNUSED,
... };
