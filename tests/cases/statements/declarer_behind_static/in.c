static DEFINE_SPIN(one);
DEFINE_SPIN(two);
extern int three;

void f(void)
{
	static DEFINE_GATE(four);
	DEFINE_GATE(five);

	take(&one);
	take(&two);
	take(&three);
	take(&four);
	take(&five);
}
