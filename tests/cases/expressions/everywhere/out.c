int global = take(1);

int f(int n, int *p)
{
	int a[take(n)];
	int b = take(2), c = take(3);

	if (take(n))
		return take(n);
	else if (!take(n) || take(n + 1) > 3)
		p[take(n)] = take(get);
	for (b = take(0); b < take(9); b += take(1))
		while (take(b))
			do {
				f(take(b), p);
			} while (take(c));
	switch (take(n)) {
	case 1:
		break;
	default:
		n = take(n) ? take(1) : take(2);
	}
	list_for_each(p, take(n))
		n += ({ take(n); });
	return sizeof(take(n)), take(n);
}
