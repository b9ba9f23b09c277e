int f(int x)
{
	if (x) { a(); return 1; }
	return 0;
}
