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
