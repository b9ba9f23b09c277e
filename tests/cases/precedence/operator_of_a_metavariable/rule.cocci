@@
expression a, b;
binary operator op;
@@
- fold(a op b)
+ fold(b op a)

@@
expression a, b, c;
binary operator op = {+, *, ||};
@@
- join(a, b) op c
+ a op b op c
