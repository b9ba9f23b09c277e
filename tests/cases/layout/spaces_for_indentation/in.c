void f(int n)
{
    if (n) {
        old(n);
    }
}
