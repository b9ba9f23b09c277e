#define autofree __attribute__((cleanup(free_it)))

int probe(void)
{
	struct foo *x autofree = NULL;
	long autofree = 1;

	fill(x, autofree);
	return 0;
}
