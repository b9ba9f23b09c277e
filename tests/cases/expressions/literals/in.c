void f(void)
{
	delay(1000);
	delay(1000UL);
	say("old\n");
	say("old");
	put('x');
	put("x");
}
