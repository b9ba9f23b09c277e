void f(void)
{
	x = ({ a(); });
	y = ({ int b = 1; b; });
	g();
}
