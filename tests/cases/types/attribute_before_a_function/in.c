int limit;

__coldish int first(struct port *p)
{
	return p->n;
}

static int __coldish second(void)
{
	return 2;
}

__attribute__((unused)) struct port *third(void)
{
	return &ports[0];
}

__coldish long fourth(void)
{
	return 4;
}
