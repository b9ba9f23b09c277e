void f(int n)
{
	register_it(NEW);
	register_it(n, NEW);
	register_it(NEW, n);
	register_it(n, n + 1, NEW, f(1, 2), n);
	register_it();
	register_it(n, f(OLD));
}
