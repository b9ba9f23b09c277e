struct regs {
	signed status;
	signed int control;
	unsigned mask;
};

void f(signed v)
{
	s32 a;
	const s32 b;
	unsigned c;

	put_s32(v);
	put(c);
}
