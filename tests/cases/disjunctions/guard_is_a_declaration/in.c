void swap(struct room *p, struct room *q)
{
	int a = p->len;
	int b = q->len, c = p->len;

	a = p->len;
	for (c = q->len; c; c--)
		use(c);
}
