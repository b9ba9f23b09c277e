int first;

void f(int x)
{
	open(x);
	go(x);
}

int last;
