void f(void)
{
	p = (struct s *)q;
	x += sizeof(struct s);
	y = a ? b : c;
	z -= a * b;
}
