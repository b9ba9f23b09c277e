struct one { int first; };
struct two {
	int first;	/* why */
	char last;
};

void f(int x) { a(x); }

void g(int x)
{
	if (x) { a(x); } else { c(x); }
	a(x); d(x);
	a(x); /* why */
}
