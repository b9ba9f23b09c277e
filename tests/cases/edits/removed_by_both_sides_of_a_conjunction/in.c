void h(int x)
{
	f(x + 1);
	f(x);
	f(x->len + 1);
}
