@@
expression a, b;
@@

- old(a, b);
+ x=make(a,-b,a*b,&b,!a) ;
