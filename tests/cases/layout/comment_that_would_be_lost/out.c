void f(int n)
{
	old(n, /* stays with the second */ n + 1);
	renewed(n /* inside */ + 1);
}
