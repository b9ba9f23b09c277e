void f(struct dev *d, struct dev *e)
{
	d = e;
	put(e);
	drop(d);
	d = e;
	seen(&e);
	drop(d);
	d = e;
	put(f);
}

void g(struct dev *d, struct dev *e)
{
	pair(d, e);
	use(get_first(d), get_second(e));
	get(f);
	done(d);
}
