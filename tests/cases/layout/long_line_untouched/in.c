void f(int n)
{
	g("a line that nobody touches and that is longer than eighty columns all the same", n);
	old(n);
}
