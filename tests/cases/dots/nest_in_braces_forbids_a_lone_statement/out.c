int one(int c)
{
	k = claim(1);
	if (c)
		release(k, 1);
	leave();
	return 0;
}

int two(int c)
{
	k = claim(1);
	if (c) {
		use(k);
		c = release(k, 1);
	} else
		use(c);
	leave();
	return 0;
}

int three(int c)
{
	k = claim(1);
	if (c)
		use(k);
	leave_with(k);
	return 0;
}
