void probe(struct dev *d)
{
	TRACE_AT(d, __LINE__)
	start(d);
	if (d->busy)
		TRACE_AT(1, __LINE__)
	else
		start(d);
	check(d);
	for (;;)
		check(d->next);
	check(d->last);
	x = TRACE_AT(2, __LINE__);
}

void remove(void)
{
	int i;

check(i);
TRACE_AT(i, __LINE__)
}
