int step(int state, int mode)
{
	switch (state) {
	case 1:
		start();
		break;
	default:
		stop();
		break;
	}
	switch (mode) {
	case 7:
		leave();
		break;
	}
	if (mode)
		switch (mode) {
		case 7:
			leave();
		}
	return 0;
}
