enum { A, B };

int f(int n)
{
	if (n) {
		stays();
	}
	if (n) { /* { */
	}
	if (n) {
		stays(); }
	do {
	} while (n--);
	return n;
}
