void f(void)
{
	/* one */
	log();
	// two
	log(); // three
	/* four */ log();
}
