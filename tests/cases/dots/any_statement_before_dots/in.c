int f(int n)
{
	lock();
	a();
	b();
	unlock();
	lock();
	if (n)
		a();
	b();
	c();
	unlock();
	switch (n) {
	case 1:
		a();
		break;
	case 2:
		b();
	}
	return n;
}
