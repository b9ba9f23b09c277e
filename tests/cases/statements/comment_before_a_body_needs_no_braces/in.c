int stop(struct port *p)
{
	if (p->open)
		reset(p);
	else
		p->n--;
	reset(p->bus);
	if (p->dirty)
		flush(p);
	return 0;
}
