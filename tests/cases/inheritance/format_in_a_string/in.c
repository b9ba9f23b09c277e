void probe(int a, int b, int c)
{
	trace("%x", a);
	trace("%d", b);
	note("now %x\n", a);
	note("now %d\n", b);
	note("now %x\n", c);
}
