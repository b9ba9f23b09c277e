void f(int n)
{
	if (n) {
		submit(n);
		finish(n);
	} else if (n > 1) {
		submit(-n);	/* the other way */
		finish(-n);
	} else {
		submit(0);
		finish(0);
	}
	while (n) {
		submit(n);
		finish(n);
	}
	list_for_each_entry(p, q, r) {
		submit(n);
		finish(n);
	}
	do {
		submit(n);
		finish(n);
	} while (n);
	for (;;) {
		submit(n);
		finish(n);
	}
	g();
}
