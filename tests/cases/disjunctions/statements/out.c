void f(int *p)
{
	acquire(p);
	if (down(p))
		release(p);
	up(p), down(p);
}
