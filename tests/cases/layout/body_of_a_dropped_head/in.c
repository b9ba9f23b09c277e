void f(int *p, int n)
{
	if (p)
		drop(p);
	while (n--)
		if (p)
			drop(p);
	if (n)
		drop(n,
		     p);
	if (n) {
		switch (n) {
		case 1:
			if (p)
				drop(p);
			break;
		}
	}
}
