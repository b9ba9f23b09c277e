int first;
DEFINE_WALL(one);
static DEFINE_WALL(two);

void f(int x)
{
	static DEFINE_WALL(three);
	open(x);
	go(x);
}

int last;
