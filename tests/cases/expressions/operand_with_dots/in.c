void f(struct s *a, int b)
{
	if (a->dead) {
		old(a);
	}
	if (b || a->dead || !b) {
		old(a);
	}
	if (a->dead && b) {
		old(a);
	}
	flags(SHARED | 1);
}
