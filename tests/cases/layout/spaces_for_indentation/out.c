void f(int n)
{
    if (n) {
        first(n);
        if (n)
            second(n);
    }
    while (n) {
        first(n);
        if (n)
            second(n);
    }
}
