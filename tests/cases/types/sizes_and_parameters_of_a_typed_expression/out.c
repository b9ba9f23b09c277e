int table[10];
int (*hook)(int nr, const char *name);

void f(void)
{
	char *names[MAX + 1];
	int grid[2][3];

	int copy[10];
	take(copy, table);
	char *copy[MAX + 1];
	take(copy, names);
	int (*copy)(int nr, const char *name);
	take(copy, hook);
	int copy[3];
	take(copy, grid[1]);
}
