int f(int x, int y)
{
	int z = choose(x, y, 0);

	return choose(x > y, x, y + 1);
}
