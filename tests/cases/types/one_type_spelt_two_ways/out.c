void f(void)
{
	unsigned a = y;
	int unsigned b = y;
	long c = y;
	unsigned long d = y;
	signed e = y;
	signed char g = (char)y;
	long h = (int)y;
}
