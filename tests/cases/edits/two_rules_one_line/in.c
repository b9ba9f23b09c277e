int f(int n)
{
	return first(n) + second(first(n)) + first(second(n));
}
