static DEFINE_SPIN(one);
DEFINE_SPIN(two);
extern int three;

void f(void)
{
	static DEFINE_DOOR(four);
	DEFINE_DOOR(five);

	grab(&one);
	grab(&two);
	take(&three);
	grab(&four);
	grab(&five);
}
