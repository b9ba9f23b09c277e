int global;

int f(int n)
{
	int m;

	return use(n) + use(m) + use(global) + use(n + 1) + use(1);
}
