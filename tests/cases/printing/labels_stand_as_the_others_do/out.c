void f(int mode)
{
	switch (mode) {
	case MODE_NONE:
		off(mode);
		break;
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
	case MODE_AUTO: fast(); break;
	default:
		warn();
		break;
	}
}

void g(int mode)
{
	if (mode)
		switch (mode) {
			case MODE_ONE:
				one();
				break;
			default:
				return;
		}
}
