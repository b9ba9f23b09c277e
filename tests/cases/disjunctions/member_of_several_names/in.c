void cycle(struct port *p, struct port *q)
{
	p->open(1);
	q->close();
	p->flush();
}
