void f(int x, int y)
{
	swap(x, y);
	swap(x, x);
	take(x);
	give(x);
}

void g(int x, int y)
{
	take(x);
	give(y);
}
