enum e {
	FIRST,
	LAST,
};

static int h(int a, struct unused *u)
{
	f(FLAG);
	f(a, FLAG);
	f(a,
	  b,
	  FLAG);
	g(ctx);
	g(ctx, a);
	take((struct pair){ .a = 1 });
	take((struct pair){ .a = 1, .b = 2 });
	return 0;
}
