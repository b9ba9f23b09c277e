void f(int x, int y)
{
	switch (x) {
	case 1:
		break;
	default:
		put(x);
	}
}
