setup(char *name, int nr);
static probe(int nr);
DECLARE_UNIT(int nr);

setup(char *name, int nr)
{
	old_end();
	return nr;
}

static probe(int nr)
{
	old_end();
	return nr;
}

static stop(a, b)
	int a;
	char *b;
{
	old_end();
	return a;
}

start(a)
	int a;
{
	old_end();
	return a;
}
