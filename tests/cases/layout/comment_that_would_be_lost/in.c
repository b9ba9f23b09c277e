void f(int n)
{
	old(n, /* stays with the second */ n + 1);
	old(n, n /* inside */ + 1);
}
