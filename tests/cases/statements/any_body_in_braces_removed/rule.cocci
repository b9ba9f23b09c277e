@@
expression e;
@@
- if (e) { ... } else { ... }
+ choose(e);

@@
expression e;
@@
- while (e) { ... }
+ wait_while(e);

@@
expression e;
@@
- if (locked(e)) { ... when != unlock(e);
- }
