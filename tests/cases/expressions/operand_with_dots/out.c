void f(struct s *a, int b)
{
	if (a->dead) {
		new(a);
	}
	if (b || a->dead || !b) {
		new(a);
	}
	if (a->dead && b) {
		old(a);
	}
	shared();
}
