COLDISH int first;
__coldish
int second;
static COLDISH int third;
const COLDISH short fourth;
short COLDISH fifth;
COLDISH char sixth = 1;

void set(COLDISH int nr)
{
	use(nr);
}

ABOVE
int seventh;

char * COLDISH eighth[2];
