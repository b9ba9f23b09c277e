void f(int n)
{
	open_it(n, 1);
	open_it(n, 1, 2);
	open_it(n, 1);
}
