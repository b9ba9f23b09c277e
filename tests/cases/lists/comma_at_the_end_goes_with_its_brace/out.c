int before;

int f(void)
{
	return g(pair(1), pair(2));
}
