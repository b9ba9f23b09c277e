int f(int x, int y)
{
	x = neg(x) - neg(y);
	x = neg(x + y);
	x = neg(x)[&y];
	return y - neg(y);
}
