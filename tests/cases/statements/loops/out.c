void f(int n)
{
	while (is_busy(n)) {
		relax();
	}
	while (is_busy(n))
		relax();
	do {
		relax();
	} while (busy(n));
}
