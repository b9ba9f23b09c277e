void f(int err)
{
    int n;

    n = use(err);
    if (err) {
        report(err);
        more(err);
    }
    if (err > 3) {
        if (err) {
            report(err);
            more(err);
        }
        return;
    }
}
