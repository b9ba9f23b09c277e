int f(struct queue *q, struct queue *r)
{
	if (q) {
		lock(q);
		unlock(q);
	}
	while (has_work(q)) {
		work(q);
		work(r);
	}
	last = pending(q);
	while (busy(r)) {
		wait(r);
		wait(q);
	}
	return 0;
}

int g(struct queue *q)
{
	next = head(q);
	take(q);
	return 0;
}

int h(struct queue *q, struct queue *r)
{
	next = first(q);
	take(r);
	return 0;
}

int i(struct queue *q)
{
	next = first(q);
	take(first(q));
	return 0;
}
