COLDISH long first;
__coldish
long second;
static COLDISH long third;
const COLDISH long fourth;
long COLDISH fifth;
COLDISH char sixth;

void set(COLDISH long nr)
{
	use(nr);
}

ABOVE
long seventh;

char * COLDISH eighth[4];
