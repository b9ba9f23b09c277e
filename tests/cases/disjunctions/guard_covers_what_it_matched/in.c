int size(struct room *p, struct room *q)
{
	int a = sizeof(p->len) + p->len;

	a = keep(p->len, q->len) + q->len;
	a = keep(p, wall(q->len)) + r->len;
	memcpy(p, p->len, sizeof(p->len) + sizeof(q->len));
	return p->len;
}
