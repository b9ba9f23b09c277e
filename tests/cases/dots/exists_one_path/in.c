void on_one_path(int a)
{
	get(a);
	if (work())
		put(a);
	put_last(a);
}

void on_one_path_too(int a)
{
	get2(a);
	if (work())
		put(a);
	put_last(a);
}

void on_none(int a)
{
	get2(a);
	put(a);
	put_last(a);
}
