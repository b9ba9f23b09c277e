extern struct first {
	int a;
}
*table;

int f(void)
{
	return 0;
}

struct second
{
#ifdef CONFIG_A
	int a;
#endif
	int b;
}
	*other;
