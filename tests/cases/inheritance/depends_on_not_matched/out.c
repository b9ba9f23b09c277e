int k(int x)
{
	return h(x);
}
