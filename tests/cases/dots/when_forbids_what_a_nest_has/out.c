void quiet(struct box *b)
{
	get(b);
	trace(3);
	release(b);
}

void used(struct box *b)
{
	hold(b);
	trace(b->count + 1);
	release(b);
}
