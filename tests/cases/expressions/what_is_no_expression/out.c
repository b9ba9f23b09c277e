BEGIN_TABLE
int table;

int f(int x)
{
	switch (x->n) {
	case 3 + 1 ... 5 + 1:
		break;
	}
	return y->n;
}
