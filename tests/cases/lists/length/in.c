void f(int n)
{
	call();
	call(n);
	call(n, f(1, 2));
	call(n, n, n);
}
