int f(int x, int y, int *p)
{
	x = (x + y) * y;
	x = x * (y - 1);
	x = x / y * (y % x);
	x = -x * *p;
	x = (x + y) * (y);
	x = mul(x ? 1 : 2, x, y);
	x = (x ? 1 : 2) * (y = 3);
	return x * y / 2 + p[0] * p->x;
}
