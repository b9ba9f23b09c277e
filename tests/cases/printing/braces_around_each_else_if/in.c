int f(int n)
{
	if (n == 1)
		a();
	else if (n == 2)
		b();
	else if (n == 3) {
		c();
		d();
	} else
		e();
	return n;
}

int g(int n)
{
	if (n)
		a();
	else
		b();
	return n;
}
