void walk(struct part *p, int n)
{
	int i;

	for (i = 0; i < n; i++)
		put(p + i);
	for (i = 0; i < n; i++)
		if (p[i].used) {
			mark(p);
			put(p + i);
		}
	for (i = 0; i < n; i++) {
		mark(p);
		put(p + i);
	}
	while (more(p))
		n = get(p);
	while (more(p))
		if (get(p))
			n++;
	while (more(p))
		n++;
	put(p);
}
