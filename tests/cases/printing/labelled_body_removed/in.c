int f(int x, int y)
{
	if (y)
	again:
		put(x);
	else
	other:
		put(y);
	while (y)
		more: put(y);
out:
	put(y);
	return 1;
}
