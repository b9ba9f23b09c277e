int f(int x, int y, int *p)
{
	x = mul(x + y, y);
	x = mul(x, y - 1);
	x = mul(x / y, y % x);
	x = mul(-x, *p);
	x = mul((x + y), (y));
	x = mul(x ? 1 : 2, x, y);
	x = mul(x ? 1 : 2, y = 3);
	return mul(x, y) / 2 + mul(p[0], p->x);
}
