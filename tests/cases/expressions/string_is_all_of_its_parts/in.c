void f(void)
{
	puts("up");
	puts("up" "down");
	puts("down" STATE "up");
	say("down", "up");
}
