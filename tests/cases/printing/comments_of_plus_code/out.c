void g(void)
{
	/* one line */
	a(); // trailing
	/* two
  * lines */
	b();
}
