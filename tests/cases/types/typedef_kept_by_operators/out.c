typedef int word_t;
word_t a, *p;
char c;

void m(void)
{
	g(*p);
	g(p[1]);
	g(a + 1);
	f(1 + a);
	h(c);
	f(c + c);
}
