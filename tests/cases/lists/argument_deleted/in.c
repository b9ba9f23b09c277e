void f(int n)
{
	open_it(n, FLAGS, 1);
	open_it(n, FLAGS, 1, 2);
	open_it(n, 1);
}
