void swap(struct room *p, struct room *q)
{
	use(q->len);
	log("%d\n", q->len, p->len);
	v = use(q->len);
	if (log(p->len))
		use(p->len);
}
