int f(int p, int q)
{
	x = make(p + 1, -q, (p + 1) * q, &q, !(p + 1));
	return 0;
}
