int f(int x)
{
	if (x) {
		enter();
		return 1;
	}
	if (x + 1) {
		enter();
		{
			a();
		}
	}
	return 0;
}
