int f(int n)
{
	if (n)
		return fail(n);
	else
		return fail(n + 1);
	return fail(n), n;
}
