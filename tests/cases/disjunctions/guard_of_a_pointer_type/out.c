struct space kitchen;
struct room *hall;
int size(struct space r)
{
	return sizeof(struct space);
}
