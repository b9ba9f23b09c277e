static struct foo *p;

int f(void)
{
	int n = get_foo(p);

	if (n) {
		struct bar *p = bar();

		n += get(p);
	}
	return get_foo(p);
}

int g(struct bar *p)
{
	return get(p);
}

int h(void)
{
	return get_foo(p);
}
