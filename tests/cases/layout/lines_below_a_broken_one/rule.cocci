@@
expression P, F;
@@
- has(P, F)
+ descriptor_has(P, F)
