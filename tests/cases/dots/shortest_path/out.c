void twice_before(void)
{
	lock();
	lock_all();
	work();
	unlock();
}

void once(void)
{
	lock_all();
	work();
	unlock();
	unlock();
}

void never(void)
{
	lock();
	work();
}
