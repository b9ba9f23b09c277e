int one(int x);

void init(void)
{
	register_handler(one);
	register_handler(two);
}

int g(int x)
{
	return call(one, x) + call(two, x) + three(x);
}
