int f(int p)
{
    int q = p;

    if (q)
        first();
    else {
        second();
    }
    return 0;
}
