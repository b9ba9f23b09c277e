int f(int n)
{
	return one(n) + two(one(n)) + one(two(n));
}
