// Where all of `x | ...` goes, the other operands go with x, wherever they stand; where the operator
// goes alone, it has to be there.
@@
@@
 g(
- FLAG | ...
+ mask()
 )

@@
expression x;
@@
- if (bad(x) || ...) { ... }
+ gone(x);

@@
@@
 h(
- FLAG |
  ...
 )
