struct regs {
	signed status;
	signed int control;
	unsigned mask;
};

void f(signed v)
{
	signed a;
	const signed b;
	unsigned c;

	put(v);
	put(c);
}
