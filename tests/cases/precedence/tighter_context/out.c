int f(int b, int c, int *p, struct s *q)
{
	b = (b + c) * 3;
	b = a(b, c);
	b = b * c + 3;
	b = 3 - (b - c);
	b = -(b + c);
	b = q->x + (p + 1)[2];
	b = (p ? b : c) + 1;
	b = (int)(b + c);
	b = !(b == c);
	f(b + c, c ? b : c, p, q);
	return (b = c) && (b || c);
}
