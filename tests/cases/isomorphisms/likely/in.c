void f(int n)
{
	if (failed(n))
		return;
	if (unlikely(failed(n)))
		return;
	if (likely(failed(n)))
		return;
	if (likely(!failed(n)))
		return;
}
