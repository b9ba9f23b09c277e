void clean(int a, int b)
{
	get(a);
	put(b);
	put_last(a);
}

void in_a_condition(int a)
{
	get(a);
	if (put(a))
		work();
	put_last(a);
}

void on_one_path(int a)
{
	get(a);
	if (work())
		put(a);
	put_last(a);
}
