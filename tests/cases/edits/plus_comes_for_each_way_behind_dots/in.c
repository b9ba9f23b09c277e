void f(int a, int b)
{
	first(a);
	second(a, a, a);
}

void g(int a, int b)
{
	first(a, b, a);
	if (a)
		log();
	second(a, b, a, b);
}
