void f(int n)
{
	one(0);
	two(0);
	three(0, 0);
	four();
	one(0, n, n);
	two(n, n, 0);
	three(0, n, n, 0);
	four(n, n);
}
