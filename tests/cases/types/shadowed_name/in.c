static struct foo *p;

int f(void)
{
	int n = get(p);

	if (n) {
		struct bar *p = bar();

		n += get(p);
	}
	return get(p);
}

int g(struct bar *p)
{
	return get(p);
}

int h(void)
{
	return get(p);
}
