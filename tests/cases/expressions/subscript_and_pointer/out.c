int f(int **a, int i)
{
	*slot(a, 0) = *slot(a, i + 1);
	return **slot(a, i) + *slot(a[2], 3);
}
