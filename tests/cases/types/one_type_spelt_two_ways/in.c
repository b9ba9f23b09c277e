void f(void)
{
	unsigned a = (unsigned int)y;
	int unsigned b = (unsigned)y;
	long c = (long int)y;
	unsigned long d = (unsigned long int)y;
	signed e = (int)y;
	signed char g = (char)y;
	long h = (int)y;
}
