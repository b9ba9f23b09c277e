// What would declare something else is no initialiser.
@@
expression E, F;
@@
- E = F
+ store(E, F)
