void set(struct port *p)
{
	typeof(p->nr + 1) sum;
	__typeof__(p->nr) copy;
	typeof(int) plain;
	__typeof__(struct port *) other;
}
