@@
expression *p;
@@
- !p
+ none(p)
