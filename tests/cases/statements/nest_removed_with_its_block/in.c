void f(int n)
{
	if (n) {
		drain();
		return;
	}
	if (n + 1) {
		fill();
		drain();
	}
	if (n + 2)
		drain();
	if (n + 3)
		fill();
}
