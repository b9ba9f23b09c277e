int size(struct room *p, struct room *q)
{
	p = claim();
	memcpy(p, len_of(p), sizeof(p->len) + sizeof(q->len));
	if (q->len == NULL || len_of(p) != 0)
		return 0;
	return use(len_of(q) + sizeof(p->len));
}
