int f(int n, bool b)
{
	int word = ready(n);
	bool truth = ready(n) != 0;

	b = ready(n) != 0;
	n += ready(n);
	if (b && ready(n))
		n = (ready(n) != 0) + ready(n);
	while (!ready(n))
		n = ready(n) ? 1 : ready(n);
	return ready(n);
}
