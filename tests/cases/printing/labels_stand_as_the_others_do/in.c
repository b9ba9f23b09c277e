void f(int mode)
{
	switch (mode) {
	case MODE_SLOW:
		slow();
		break;
	case MODE_FAST:
		if (mode) {
			fast();
			fast();
		}
		fast();
		break;
	default: break;
	}
}

void g(int mode)
{
	if (mode)
		switch (mode) {
			case MODE_ONE:
				one();
				break;
		}
}
