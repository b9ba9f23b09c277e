int f(int n)
{
	n = (u32)n;
	n = (u32) n;
	n = (u32)(n + 1);
	return (u32)-n;
}
