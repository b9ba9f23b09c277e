void f(int n)
{
	while (busy(n)) {
		relax();
	}
	while (busy(n))
		relax();
	do {
		relax();
	} while (busy(n));
}
