int one(int c)
{
	k = claim(1);
	give(k);
	leave();
	return 0;
}

int two(int c)
{
	k = claim(1);
	c = (long)k;
	leave();
	return 0;
}

int three(int c)
{
	k = claim(1);
	use(k);
	leave();
	return 0;
}
