int f(struct queue *q, struct queue *r)
{
	if (q != NULL) {
		lock(q);
		unlock(q);
	}
	while (pending(q)) {
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
