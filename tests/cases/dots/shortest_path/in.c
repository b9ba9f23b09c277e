void twice_before(void)
{
	lock();
	lock();
	work();
	unlock();
}

void once(void)
{
	lock();
	work();
	unlock();
	unlock();
}

void never(void)
{
	lock();
	work();
}
