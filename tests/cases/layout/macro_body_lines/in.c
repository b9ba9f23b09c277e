#define TWICE(x)		\
	do {			\
		old(x);		\
		old(x);		\
	} while (0)

void f(int n)
{
	TWICE(n);
	old(n);
}
