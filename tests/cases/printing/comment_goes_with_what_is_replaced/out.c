void f(int n)
{
	renewed(n + 1);
	renewed(n);
}
