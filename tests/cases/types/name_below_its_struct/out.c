extern struct first {
	int a;
}
*table;
struct copy { int a; };

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
struct copy {
#ifdef CONFIG_A
	int a;
#endif
	int b; };
