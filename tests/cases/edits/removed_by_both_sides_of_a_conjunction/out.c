void h(int x)
{
	g(x + 1, x);
	f(x);
	g(x->len + 1, x->len);
}
