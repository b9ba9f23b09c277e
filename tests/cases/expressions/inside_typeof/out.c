static int slots[8];
static typeof(slot_at(0)) spare;

void fill(struct port *p, int i)
{
	typeof(slot_at(i)) old = slot_at(i);
	__typeof__(port_nr(p)) nr = port_nr(p);
	typeof(port_nr(p)) *where = NULL;

	take((typeof(slot_at(1)))nr, old);
}
