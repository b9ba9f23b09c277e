int f(void)
{
	get(1);
	if (get(2))
		return get(3);
	put(1);
	return put(2);
}

int g(void)
{
	put(4);
	return put(4);
}
