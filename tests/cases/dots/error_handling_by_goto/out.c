int directly(int *p)
{
	p = alloc();
	if (!p) {
		report();
		return 1;
	}
	return 0;
}

int by_goto(int *p)
{
	p = alloc();
	if (!p) {
		report();
		goto out;
	}
	work();
out:
	return 0;
}

int without(int *p)
{
	p = alloc();
	if (p == NULL) {
		report();
	}
	return 0;
}
