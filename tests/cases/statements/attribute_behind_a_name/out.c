#define autofree __attribute__((cleanup(free_it)))

int probe(void)
{
	struct foo *x = NULL;
	long autofree = 1;

	fill(x, autofree);
	kfree(x);
	return 0;
}
