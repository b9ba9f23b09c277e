/* @never@
expression e;
@@
- f(e)
+ g(e)
*/
@first@
expression e;
@@
- h(e)
+ k(e)

/* no longer wanted:
@old@
expression e;
@@
- i(e)
+ j(e)
*/

@second@
expression e;
@@
- l(e)
+ m(e)
