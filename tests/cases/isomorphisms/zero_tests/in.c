void f(int n)
{
	if (ready(n) != 0)
		S();
	if (ready(n))
		S();
	if (0 != ready(n))
		S();
	if (ready(n) == 0)
		S();
	if (!ready(n))
		S();
	n = ready(n);
}
