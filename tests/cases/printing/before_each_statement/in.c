int f(int n)
{
	if (n) {
		a();
	}
	return n;
}
