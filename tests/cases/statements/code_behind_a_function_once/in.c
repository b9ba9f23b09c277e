int first(struct port *p)
{
	if (p->n)
		if (p->open) {
			return 42;
		}
}

int second(struct port *p)
{
	for (;;) {
		if (p->n)
			return 42;
	}
	return 1;
}

void third(struct port *p)
{
	while (p->n) {
		poll(p);
	}
}
