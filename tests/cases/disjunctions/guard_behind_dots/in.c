int size(struct room *p, struct room *q)
{
	p = claim();
	memcpy(p, p->len, sizeof(p->len) + sizeof(q->len));
	if (q->len == NULL || p->len != 0)
		return 0;
	return use(q->len + sizeof(p->len));
}
