int sum(int x)
{
	x = one(x) + 2;
	x = next(x, 2);
	x = one(x + 2) + 2;
	return y(next(x, 2));
}
