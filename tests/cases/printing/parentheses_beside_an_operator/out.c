int f(int val)
{
	val = (val)<<4;
	val = (val) << 4;
	return (val) +4;
}
