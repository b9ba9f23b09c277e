int close_port(struct port *p)
{
	drop(p);
	put(p, 1);
	if (p->peer && drop(p->peer))
		drop(p);
	return drop(p->bus);
}
