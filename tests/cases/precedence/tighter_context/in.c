int f(int b, int c, int *p, struct s *q)
{
	b = a(b + c) * 3;
	b = a(b, c);
	b = a(b * c) + 3;
	b = 3 - a(b - c);
	b = -a(b + c);
	b = a(q)->x + a(p + 1)[2];
	b = a(p ? b : c) + 1;
	b = (int)a(b + c);
	b = !a(b == c);
	f(a(b + c), a(c ? b : c), a(p), a(q));
	return a(b = c) && a(b || c);
}
