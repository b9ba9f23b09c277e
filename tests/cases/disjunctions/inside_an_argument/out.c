int g(int x)
{
	f(NEW, x);
	f(NEWER, OLD);
	f(x, OLD);
	return f(NEW , x + 1);
}
