int get(void)
{
	return 1;
}

BTF_ID(struct, inode)
BTF_SET(one)
static DEFINE_MUTEX(lock);
int nr;
int put(void)
{
	return 1;
}
