void f(int *a)
{
	take(a);
	drop(a);
}

void g(int *a)
{
	take(a);
	if (!a)
		log();
	put(a);
}
