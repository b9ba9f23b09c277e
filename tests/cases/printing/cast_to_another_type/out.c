int f(int n)
{
	n = (unsigned int) n;
	n = (unsigned int) n;
	n = (unsigned int)(n + 1);
	return (unsigned int)-n;
}
