int stop(struct port *p)
{
	if (p->open)
		/* FIXME: check what it returns */
		reset(p);
	else
		p->n--;
	/* FIXME: check what it returns */
	reset(p->bus);
	if (p->dirty) {
		flush(p);
		/* flushed */
	}
	return 0;
}
