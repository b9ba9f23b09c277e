int f(int x)
{
	if (x) { a(); leave();
		return 1; }
	leave();
	return 0;
}
