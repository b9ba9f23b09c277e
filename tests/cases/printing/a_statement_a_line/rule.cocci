@@
expression a;
@@

- old(a);
+ if(a) first();
+ else { second(); }
