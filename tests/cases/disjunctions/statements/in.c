void f(int *p)
{
	down(p);
	if (down(p))
		up(p);
	up(p), down(p);
}
