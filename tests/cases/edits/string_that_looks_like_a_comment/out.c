int probe(void)
{
	g();
	g();
	g(); /* one */
	return k(3);
}
