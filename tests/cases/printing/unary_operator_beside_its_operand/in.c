void f(int x)
{
	send(-x, 0);
	send(~x, 0);
	send(&x, 0);
	send(- -x, 0);
	send(!x, 0);
}
