void f(int x)
{
	switch (x) {
	case 1:
		a();
		break;
	case NEW:
		handle();
		break;
	default:
		b();
	}
}
