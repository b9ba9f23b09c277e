int limit;

int first(struct port *p)
{
	return p->n;
}

static int second(void)
{
	return 2;
}

struct port *third(void)
{
	return &ports[0];
}

__coldish long fourth(void)
{
	return 4;
}
