void f(struct look *i)
{
	drop(i->path);
	n |= drop(i->item,
		  3);
	drop(3);
	last(i);
}
