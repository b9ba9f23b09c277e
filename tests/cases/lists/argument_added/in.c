void f(int n)
{
	log("a");
	log("%d %d\n", n,
	    n + 1);
}
