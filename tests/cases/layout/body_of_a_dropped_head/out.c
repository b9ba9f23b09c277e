void f(int *p, int n)
{
	drop(p);
	while (n--)
		drop(p);
	if (n)
		drop(n,
		     p);
	if (n) {
		switch (n) {
		case 1:
			drop(p);
			break;
		}
	}
}
