int global;

int f(int n)
{
	int m;

	return use_local(n) + use_local(m) + use(global) + use(n + 1) + use(1);
}
