#define handle_t port_t

void cycle(struct port *p, struct port *q)
{
	p->open(1);
	q->close();
	p->flush();
}

void reset(port_t *p);
