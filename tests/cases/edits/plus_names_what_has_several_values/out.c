int f(void)
{
	log(1);
	log(2);
	log(3);
	get(1);
	if (get(2))
		return get(3);
	put(1);
	return put(2);
}

int g(void)
{
	check(4);
	put(4);
	return put(4);
}
