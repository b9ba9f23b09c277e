int f(int e)
{
	for (int i = 0; i < 4; i++)
		one(i);
	for (;;) {
		two(e);
		break;
	}
	if (e) {
		switch (e) {
		case 1:
			one(e);
			break;
		case 2:
		case 3: {
			if (e)
				two(e);
			break;
		}
		default:
			break;
		}
		if (e) {
			one(e);
		} else if (e > 3) {
			two(e);
		} else {
			three(e);
		}
	}
	return 0;
}
