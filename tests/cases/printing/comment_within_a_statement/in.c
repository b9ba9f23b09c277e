int f(int n)
{
	start(n);
	if (start(1) && n)
		stop(n);
	return stop(2) + n;
}
