void probe(struct dev *d)
{
	TRACE(d)
	start(d);
	if (d->busy)
		TRACE(1)
	else
		start(d);
	CHECK(d)
	for (;;)
		CHECK(d->next)
	CHECK(d->last);
	x = TRACE(2);
}

void remove(void)
{
	int i;

CHECK(i)
TRACE(i)
END()
}
