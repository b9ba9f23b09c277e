int f(int n)
{
	lock();
	a();
	log(1);
	b();
	unlock();
	lock();
	if (n)
		a();
	log(1);
	b();
	c();
	unlock();
	switch (n) {
	case 1:
		one();
		break;
	case 2:
		b();
	}
	return n;
}
