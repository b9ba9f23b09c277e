void cycle(struct port *p, struct port *q)
{
	ops_call(p);
	ops_call(q);
	p->flush();
}
