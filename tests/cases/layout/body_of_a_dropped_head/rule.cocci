@@
expression e;
@@
- if (e)
    drop(e);
