int table[10];
int (*hook)(int nr, const char *name);

void f(void)
{
	char *names[MAX + 1];
	int grid[2][3];

	use(table);
	use(names);
	use(hook);
	use(grid[1]);
}
