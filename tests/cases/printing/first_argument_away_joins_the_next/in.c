void f(struct look *i)
{
	drop(store(the_one),
	     i->path);
	n |= drop(store(the_one),
		  i->item,
		  3);
	drop(store(the_one), 3);
	last(i,
	     0);
}
