void g(int n)
{
	old(run, n);
	old(keep, n);
	old(keep_too, n);
	old(keeper, n);
}
