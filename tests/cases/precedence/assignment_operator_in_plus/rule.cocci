@@
expression e, f;
assignment operator op;
@@
- e op f;
+ e op f + 1;
