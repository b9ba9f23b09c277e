int v; /* behind v */
int lone(void)
{
	return 0;
}

/**
 * f - do it
 */
static int f(void)
{
	return 1;
}

// one
// two
int last;
