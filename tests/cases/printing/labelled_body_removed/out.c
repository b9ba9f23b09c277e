int f(int x, int y)
{
	if (y)
	again:
		{}
	else
	other:
		{}
	while (y)
		more: {}
out:
	return 1;
}
