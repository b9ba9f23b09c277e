void f(int x, int y)
{
	swap_two(x, y);
	swap(x, x);
	settle(x);
}

void g(int x, int y)
{
	take(x);
	give(y);
}
