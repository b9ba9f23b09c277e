BEGIN_TABLE
int table;

int f(int x)
{
	switch (x) {
	case 3 ... 5:
		break;
	}
	return y;
}
