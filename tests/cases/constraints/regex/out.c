void g(void)
{
	new_lock();
	very_old_a_lock();
	old_a_locked();
	old_lock();
}
