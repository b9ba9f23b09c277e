@@
expression x;
@@
 total = <+...
- cost(x)
+ price(x)
 ...+>
