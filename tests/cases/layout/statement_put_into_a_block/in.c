void f(int err)
{
    int n;

    n = use(err);
    report(err);
    if (err > 3) {
        report(err);
        return;
    }
}
