int size(struct room *p, struct room *q)
{
	int a = sizeof(p->len) + len_of(p);

	a = keep(p->len, q->len) + len_of(q);
	a = keep(p, wall(q->len)) + len_of(r);
	memcpy(p, len_of(p), sizeof(p->len) + sizeof(q->len));
	return len_of(p);
}
