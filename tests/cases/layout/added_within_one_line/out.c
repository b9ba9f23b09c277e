struct one { int first; int second; };
struct two {
	int first;	/* why */
	int second;
	char last;
};

void f(int x) { a(x); b(x); }

void g(int x)
{
	if (x) { a(x); b(x); } else { c(x); }
	a(x); b(x); d(x);
	a(x); /* why */
	b(x);
}
