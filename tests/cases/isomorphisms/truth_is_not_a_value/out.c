int f(int n, bool b)
{
	int word = ready(n);
	bool truth = is_ready(n);

	b = is_ready(n);
	n += ready(n);
	if (b && is_ready(n))
		n = is_ready(n) + ready(n);
	while (!is_ready(n))
		n = is_ready(n) ? 1 : ready(n);
	return ready(n);
}
