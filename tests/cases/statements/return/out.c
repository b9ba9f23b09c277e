int f(int n)
{
	if (n)
		return -n;
	else
		return -(n + 1);
	return fail(n), n;
}
