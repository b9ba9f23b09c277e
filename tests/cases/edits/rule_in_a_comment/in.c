int q(int a)
{
	return f(a) + h(a) + i(a) + l(a);
}
