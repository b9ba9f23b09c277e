int f(int **a, int i)
{
	a[0] = a[i + 1];
	return *a[i] + (a[2])[3];
}
