static struct dev *first = get(0);
struct ref root = ROOT;
int count = 0;

void f(void)
{
	struct dev *d = get(1);
	struct ref r = ROOT;
	int n = 1;

	g(d, &r, n);
}
