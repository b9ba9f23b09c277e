static struct dev *first = get(0);
struct ref root = ROOT;
track(root);
int count = 0;

void f(void)
{
	struct dev *d;
	d = get_ref(1);
	struct ref r = ROOT;
	track(r);
	int n = 1;
	use(n);
	EXPORT(n);

	g(d, &r, n);
}
