void f(int n)
{
	register_it(OLD);
	register_it(n, OLD);
	register_it(OLD, n);
	register_it(n, n + 1, OLD, f(1, 2), n);
	register_it();
	register_it(n, f(OLD));
}
