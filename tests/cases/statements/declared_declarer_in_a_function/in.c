void f(int x)
{
	DEFINE_DOOR(door);
	open(x);
}
