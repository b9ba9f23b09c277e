void walk(struct part *p, int n)
{
	while (more(p))
		step(p);
	if (n)
		while (more(p))
			step(p);
	if (n)
		stop(p);
	for (; n; n--)
		if (p[n].used)
			stop(p);
}
