int a;

  	 
int b = old(1) ;  	


