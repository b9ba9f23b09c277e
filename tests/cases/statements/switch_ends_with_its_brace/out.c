int step(int state, int mode)
{
	run(state);
	switch (mode) {
	case 7:
		leave();
		break;
	}
	settle();
	if (mode) {
		switch (mode) {
		case 7:
			leave();
		}
		settle();
	}
	return 0;
}
