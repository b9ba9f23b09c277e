int f(int n)
{
	if (n)
		one();
	else
		other();
	if (n > 1) {
		one();
		two();
	} else
		return 1;
	while (busy(n))
		;
	while (busy(n + 1)) {
		relax();
	}
	while (busy(n + 2))
		relax();
	if (locked(n))
		unlock(n);
	if (locked(n)) {
		relax();
	}
	return 0;
}
