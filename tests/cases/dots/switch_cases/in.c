void all_cases(int x)
{
	begin();
	switch (x) {
	case 1:
		work();
	case 2:
		end();
		break;
	default:
		end();
	}
}

void no_default(int x)
{
	begin();
	switch (x) {
	case 1:
		end();
		break;
	}
}
