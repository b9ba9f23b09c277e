void f(int *p, int *q)
{
	touch(p);
	lock(p);
	unlock(q);
	lock(q);

	/* why */
	unlock(q);
	lock(p);
	g();
	unlock(p);
}
