void f(int n)
{
	if (n)
		say("a text, with commas, that (rather often) passes the margin %d\n", n);
}
