void f(int n)
{
	drain_if(n);
	settle();
	drain_if(n + 1);
	settle();
	drain_if(n + 2);
	settle();
	if (n + 3)
		fill();
}
