void f(int n)
{
    if (n) {
        old(n);
    }
    while (n)
        old(n);
}
