int f(int n, int m)
{
	if (n) {
		log(n);
		two();
	}
	if (n &&
	    m) {
		log(n && m);
		two();
	}
	return n;
}
