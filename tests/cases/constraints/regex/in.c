void g(void)
{
	old_a_lock();
	very_old_a_lock();
	old_a_locked();
	old_lock();
}
