int q(int a)
{
	return f(a) + k(a) + i(a) + m(a);
}
