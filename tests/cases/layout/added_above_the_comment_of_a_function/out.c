int v; /* behind v */
int helper(void);
int lone(void)
{
	return 0;
}

int helper(void);
/**
 * f - do it
 */
static int f(void)
{
	return 1;
}

struct more { int n; };
// one
// two
int last;
