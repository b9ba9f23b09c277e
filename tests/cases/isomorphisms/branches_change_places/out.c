int f(struct s *p, int a, int b)
{
	if (!p) {
		note(p);
	} else
		use(p);
	if (p)
		use(p);
	else {
	}
	if (a >= b || a != limit)
		lower(a);
	else {
		note(p);
	}
	if (a >= b && a != limit)
		lower(a);
	else {
		raise(a);
		note(p);
	}
	if (!!p)
		use(p);
	else
		note(p);
	return 0;
}
