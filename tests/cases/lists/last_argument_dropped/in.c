void f(int n)
{
	send(n, 0);
	send(n, n + 1, g(1, 2), 0);
	send(0);
	send(n, 1);
}
