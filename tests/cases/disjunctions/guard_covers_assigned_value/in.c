void swap(struct room *p, struct room *q)
{
	use(q->len);
	p->len = q->len + 3;
	p->door->len = 3;
	if ((p->len = q->len) == p->len)
		use(p);
}
