int f(int x, int y)
{
	x = -x - -y;
	x = -(x + y);
	x = (-x)[&y];
	return y - -y;
}
