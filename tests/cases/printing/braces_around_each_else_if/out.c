int f(int n)
{
	if (n == 1)
		a();
	else {
		trace();
		if (n == 2)
			b();
		else {
			trace();
			if (n == 3) {
				c();
				d();
			} else {
				trace();
				e();
			}
		}
	}
	return n;
}

int g(int n)
{
	if (n)
		a();
	else {
		trace();
		b();
	}
	return n;
}
