int f(int n)
{
        lock();
        use();
	unlock();

	return n;
}

int g(int n)
{
    lock();
    use();
	unlock();
	return n;
}
