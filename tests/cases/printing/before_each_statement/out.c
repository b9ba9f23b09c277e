int f(int n)
{
	step();
	if (n) {
		step();
		{
			step();
			a();
		}
	}
	step();
	return n;
}
