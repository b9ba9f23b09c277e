@@
identifier i;
@@

  struct ops i = {
  	.open = my_open,
+ 	.close=my_close,
+ 	.dev={.name="a",},
  };
