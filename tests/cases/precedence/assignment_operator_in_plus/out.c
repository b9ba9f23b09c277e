void f(void)
{
	p = (struct s *)q + 1;
	x += sizeof(struct s) + 1;
	y = (a ? b : c) + 1;
	z -= a * b + 1;
}
