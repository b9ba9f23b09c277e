int g(int x)
{
	f(OLD, x);
	f(OLDER, OLD);
	f(x, OLD);
	return f(OLD , x + 1);
}
