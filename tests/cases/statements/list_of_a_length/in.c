int three(int x)
{
	if (x) {
		lock();
		unlock();
	}
	while (x) {
		lock();
		x--;
		unlock();
	}
	return x;
}
