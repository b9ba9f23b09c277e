int gone(int how)
{
	switch (how) {
	case 1:
		return 2;
	}
}
int last(void)
{
	return 3;
}
