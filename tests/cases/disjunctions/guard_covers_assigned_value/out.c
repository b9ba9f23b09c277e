void swap(struct room *p, struct room *q)
{
	use(len_of(q));
	p->len = q->len + 3;
	p->door->len = 3;
	if ((p->len = q->len) == len_of(p))
		use(p);
}
