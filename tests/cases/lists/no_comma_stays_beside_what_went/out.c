enum e {
	FIRST,
};

static int h(int a)
{
	f();
	f(a);
	f(a,
	  b);
	g();
	g(a);
	take(pair(1));
	take((struct pair){ .a = 1, .b = 2 });
	return 0;
}
