void g(int n)
{
	run(n);
	old(keep, n);
	old(keep_too, n);
	keeper(n);
}
