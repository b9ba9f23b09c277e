int f(int e)
{
	mark(e);
	if (e) {
		choose(e);
		either(e);
	}
	return 0;
}
