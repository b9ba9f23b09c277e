@@
expression e1, e2;
@@
- (e1) - e2
+ sub(e1, e2)
