void f(int x)
{
	DEFINE_GATE(door);
	called(x);
}
