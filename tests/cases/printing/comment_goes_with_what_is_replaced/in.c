void f(int n)
{
	old(n, /* of the second */ n + 1);
	old(n /* of the first */, n);
}
