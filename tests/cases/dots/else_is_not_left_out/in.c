void without(int bad)
{
	begin();
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
