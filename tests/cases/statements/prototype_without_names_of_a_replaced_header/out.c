int bell_ring(unsigned long);
extern void bell_mute(const struct bell *);

int bell_ring(unsigned long nr)
{
	return nr;
}

void bell_mute(const struct bell *b)
{
	return 0;
}
