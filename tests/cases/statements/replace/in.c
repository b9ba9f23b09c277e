void f(int *p)
{
	old_lock(p);
	if (p) {
		old_lock(p + 1);
		g();
	}
	x = old_lock(p);
}
