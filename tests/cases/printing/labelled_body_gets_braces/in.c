int f(int x, int y)
{
	if (y)
	again:
		put(x);
	else
	other: last:
		put(y);
	while (y)
		more: put(y);
	do
	inner:
		put(x);
	while (y);
out:
	put(y);
	return 1;
}
