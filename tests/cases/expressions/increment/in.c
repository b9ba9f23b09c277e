void f(int i, int *p)
{
	i++;
	(*p)++;
	++i;
	for (i = 0; i < 3; i++)
		p[i++] = 0;
}
