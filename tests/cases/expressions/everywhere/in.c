int global = get(1);

int f(int n, int *p)
{
	int a[get(n)];
	int b = get(2), c = get(3);

	if (get(n))
		return get(n);
	else if (!get(n) || get(n + 1) > 3)
		p[get(n)] = get(get);
	for (b = get(0); b < get(9); b += get(1))
		while (get(b))
			do {
				f(get(b), p);
			} while (get(c));
	switch (get(n)) {
	case 1:
		break;
	default:
		n = get(n) ? get(1) : get(2);
	}
	list_for_each(p, get(n))
		n += ({ get(n); });
	return sizeof(get(n)), get(n);
}
