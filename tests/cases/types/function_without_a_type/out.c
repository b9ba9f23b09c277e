setup(char *name, unsigned int nr);
static probe(unsigned int nr);
DECLARE_UNIT(int nr);

setup(char *name, unsigned int nr)
{
	new_end();
	return nr;
}

static probe(unsigned int nr)
{
	new_end();
	return nr;
}

static stop(a, b)
	int a;
	char *b;
{
	new_end();
	return a;
}

start(a)
	int a;
{
	new_end();
	return a;
}
