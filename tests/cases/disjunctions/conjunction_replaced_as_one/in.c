int close_port(struct port *p)
{
	put(p, 0);
	put(p, 1);
	if (p->peer && put(p->peer, 0))
		put(p, 0);
	return put(p->bus, 0);
}
