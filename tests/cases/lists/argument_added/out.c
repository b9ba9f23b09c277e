void f(int n)
{
	log(LEVEL, "a");
	log(LEVEL, "%d %d\n", n,
	    n + 1);
}
