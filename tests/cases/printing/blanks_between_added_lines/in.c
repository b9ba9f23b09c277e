int f(int n)
{
        use();

	return n;
}

int g(int n)
{
    use();
	return n;
}
