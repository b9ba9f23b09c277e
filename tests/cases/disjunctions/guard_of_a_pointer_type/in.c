struct room kitchen;
struct room *hall;
int size(struct room r)
{
	return sizeof(struct room);
}
