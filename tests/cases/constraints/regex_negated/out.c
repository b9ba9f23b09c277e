void g(void)
{
	run(a);
	a_lock();
	unlocked();
}
