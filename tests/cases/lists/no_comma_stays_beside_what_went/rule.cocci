// The commas are context, but none is left beside nothing. In braces one may be the last.
@@
@@
 f(...,
- FLAG
 )

@@
@@
 g(
- ctx
 , ...)

@@
identifier fn, x;
@@
 fn(...,
- struct unused *x
 ) { ... }

@@
@@
 enum e { ...,
- LAST
 };

@@
expression e;
@@
- (struct pair){ .a = e }
+ pair(e)
