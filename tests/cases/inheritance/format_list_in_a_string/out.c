void probe(int a, int b, int c)
{
	trace("%x %d", a, b);
	tell("%x %d", a, b);
	note("%x", a);
	note("%d %d", a, b);
}
