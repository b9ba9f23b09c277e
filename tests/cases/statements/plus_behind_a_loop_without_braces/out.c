void walk(struct part *p, int n)
{
	while (more(p))
		step(p);
	settle(p);
	if (n) {
		while (more(p))
			step(p);
		settle(p);
	}
	if (n)
		stop(p);
	stopped(p);
	for (; n; n--) {
		if (p[n].used)
			stop(p);
		stopped(p);
	}
}
