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
	drop(d);
}

void g(struct dev *d, struct dev *e)
{
	pair(d, e);
	use(get(d), get(e));
	get(f);
	done(d);
}
