void set(struct port *p)
{
	int sum;
	int copy;
	int plain;
	struct port *other;
}
