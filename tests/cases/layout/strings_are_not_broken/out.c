void f(int n)
{
	if (n)
		pr_notice("a text, with commas, that (rather often) passes the margin %d\n",
			  n);
}
