void f(int n)
{
	if (is_ready(n))
		S();
	if (is_ready(n))
		S();
	if (is_ready(n))
		S();
	if (ready(n) == 0)
		S();
	if (!ready(n))
		S();
	n = ready(n);
}
