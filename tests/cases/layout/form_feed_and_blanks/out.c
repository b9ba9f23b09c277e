int a;

  	 
int b = renewed(1) ;  	


