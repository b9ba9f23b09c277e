void f(int n)
{
    if (n) {
        first(n);
        second(n);
    }
}
