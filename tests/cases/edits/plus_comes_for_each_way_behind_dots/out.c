void f(int a, int b)
{
	first(a);
	second(a, a, a);
	pair(a);
	pair(a);
	pair(a);
}

void g(int a, int b)
{
	first(a, b, a);
	if (a)
		log();
	second(a, b, a, b);
	pair(a);
	pair(b);
}
