void f(int x, int y)
{
	put(x);
	switch (x) {
	case 1:
		put(y);
		break;
	default:
		put(x);
	}
	put(y);
}
