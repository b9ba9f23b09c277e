void wait_for(struct port *p)
{
	while (busy(p))
		poll(p);
	while (busy(p)) {
		poll(p);
		count(p);
	}
	if (p->idle)
		kick(p);
	if (p->idle) {
		kick(p);
	}
}
