void f(void)
{
	puts("UP");
	puts("up" "down");
	puts("down" STATE "up");
	say("down", "UP");
}
