void without(int bad)
{
	start();
	if (bad) {
		work();
	}
}

void with(int bad)
{
	begin();
	if (bad) {
		work();
	} else {
		more();
	}
}
