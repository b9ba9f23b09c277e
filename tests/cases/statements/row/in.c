void f(int *p, int *q)
{
	lock(p);
	unlock(p);
	lock(p);
	unlock(q);
	lock(q);

	/* why */
	unlock(q);
	lock(p);
	g();
	unlock(p);
}
