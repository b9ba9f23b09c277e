void swap(struct room *p, struct room *q)
{
	use(q->len);
	log("%d\n", q->len, p->len);
	v = use(len_of(q));
	if (log(len_of(p)))
		use(p->len);
}
