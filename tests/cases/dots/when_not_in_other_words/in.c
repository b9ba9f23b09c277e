void f(int *a)
{
	take(a);
	put(a);
}

void g(int *a)
{
	take(a);
	if (!a)
		log();
	put(a);
}
