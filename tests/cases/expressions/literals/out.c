void f(void)
{
	delay(SECOND);
	delay(1000UL);
	say("new\n");
	say("old");
	put('y');
	put("x");
}
