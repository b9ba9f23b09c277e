DEFINE_GATE(front);
MODULE_INFO(name, "x");
GROUP(called(4), 2);

void f(int x)
{
	called(x);
	x = called(x);
}
EXPORT(f);
