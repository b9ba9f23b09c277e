int one(int x);

void init(void)
{
	register_handler(one);
	register_handler(two);
}

int g(int x)
{
	return one(x) + two(x) + three(x);
}
