int f(int x)
{
	if (x)
		return 1;
	if (x + 1) {
		a();
	}
	return 0;
}
