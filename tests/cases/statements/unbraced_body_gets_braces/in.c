void f(int n)
{
	if (n)
		submit(n);
	else if (n > 1)
		submit(-n);	/* the other way */
	else
		submit(0);
	while (n)
		submit(n);
	list_for_each_entry(p, q, r)
		submit(n);
	do
		submit(n);
	while (n);
	for (;;) submit(n);
	g();
}
