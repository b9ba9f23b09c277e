enum { A, B };

int f(int n)
{
	if (n) {
		stays();
		gone(); }
	if (n) { /* { */
		gone(); gone(); }
	if (n) {
		gone(); stays(); }
	do {
		gone(); } while (n--);
	return n;
}
