static int slots[8];
static typeof(slots[0]) spare;

void fill(struct port *p, int i)
{
	typeof(slots[i]) old = slots[i];
	__typeof__(p->nr) nr = p->nr;
	typeof(p->nr) *where = NULL;

	take((typeof(slots[1]))nr, old);
}
