void f(int n)
{
	send(n);
	send(n, n + 1, g(1, 2));
	send(0);
	send(n, 1);
}
