int f(int x, int y)
{
	if (y) {
	again:
		put_all(x);
		note(x);
	}
	else {
	other: last:
		put_all(y);
		note(y);
	}
	while (y) {
		more: put_all(y);
		note(y);
	}
	do {
	inner:
		put_all(x);
		note(x);
	}
	while (y);
out:
	put_all(y);
	note(y);
	return 1;
}
