void swap(struct room *p, struct room *q)
{
	int a = p->len;
	int b = q->len, c = p->len;

	a = len_of(p);
	for (c = len_of(q); c; c--)
		use(c);
}
