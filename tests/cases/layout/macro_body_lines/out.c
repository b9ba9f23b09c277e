#define TWICE(x)		\
	do {			\
		renewed(x);	\
		renewed(x);	\
	} while (0)

void f(int n)
{
	TWICE(n);
	renewed(n);
}
