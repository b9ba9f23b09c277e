void f(void)
{
	/* one */
	trace();
	// two
	trace(); // three
	/* four */ trace();
}
