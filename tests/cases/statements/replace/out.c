void f(int *p)
{
	new_lock(p);
	note(p);
	if (p) {
		new_lock(p + 1);
		note(p + 1);
		g();
	}
	x = old_lock(p);
}
