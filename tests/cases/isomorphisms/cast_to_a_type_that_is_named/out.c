int f(int n)
{
	old(n);
	renewed(n);
	renewed(n);
	renewed(n);
}
