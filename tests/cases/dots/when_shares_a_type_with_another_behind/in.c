int one(int c)
{
	k = claim(1);
	give(k);
	middle();
	leave();
	return 0;
}

int two(int c)
{
	k = claim(1);
	middle();
	c = k;
	leave();
	return 0;
}

int three(int c)
{
	k = claim(1);
	middle();
	leave();
	return 0;
}
