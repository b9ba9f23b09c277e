void f(int i, int *p)
{
	i += 1;
	*p += 1;
	++i;
	for (i = 0; i < 3; i += 1)
		p[i += 1] = 0;
}
