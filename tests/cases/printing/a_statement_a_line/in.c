int f(int p)
{
    int q = p;

    old(q);
    return 0;
}
