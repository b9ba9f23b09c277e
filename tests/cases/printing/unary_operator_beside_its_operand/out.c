void f(int x)
{
	send_one(-x, - -x);
	send_one(~x, -~x);
	send_one(&x, -&x);
	send_one(-(-x), - -(-x));
	send(!x, 0);
}
