int f(int a)
{
	return strip(a) + strip(strip(a));
}
