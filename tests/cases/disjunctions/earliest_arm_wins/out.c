int g(int x)
{
	return zero() + any(x) + any(1);
}
