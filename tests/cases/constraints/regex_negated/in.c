void g(void)
{
	a();
	a_lock();
	unlocked();
}
