DEFINE_GATE(front);
MODULE_INFO(name, "x");
GROUP(size(4), 2);

void f(int x)
{
	open(x);
	x = size(x);
}
EXPORT(f);
