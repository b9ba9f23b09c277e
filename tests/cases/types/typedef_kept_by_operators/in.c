typedef int word_t;
word_t a, *p;
char c;

void m(void)
{
	f(*p);
	f(p[1]);
	f(a + 1);
	f(1 + a);
	f(c);
	f(c + c);
}
