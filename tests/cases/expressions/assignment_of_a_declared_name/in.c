int reset(struct queue *queue)
{
	struct entry *first = NULL, *last = tail_of(queue);
	static int count = 0;

	for (int i = 0; i < 3; i++)
		first = entry_at(queue, i);
	count = 1;
	return use(first, last, count);
}
