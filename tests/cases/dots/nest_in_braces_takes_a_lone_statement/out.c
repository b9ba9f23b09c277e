void walk(struct part *p, int n)
{
	int i;

	for (i = 0; i < n; i++)
		put_one(p + i);
	for (i = 0; i < n; i++)
		if (p[i].used) {
			mark(p);
			put_one(p + i);
		}
	for (i = 0; i < n; i++) {
		mark(p);
		put_one(p + i);
	}
	while (more(p))
		n = get_one(p);
	finish();
	while (more(p))
		if (get_one(p))
			n++;
	finish();
	while (more(p))
		n++;
	put(p);
}
