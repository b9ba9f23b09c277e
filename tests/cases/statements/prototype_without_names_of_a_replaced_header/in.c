int bell_ring(int);
extern int bell_mute(struct bell *);

int bell_ring(int nr)
{
	return nr;
}

int bell_mute(struct bell *b)
{
	return 0;
}
