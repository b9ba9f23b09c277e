void f(int x)
{
  if (x) { a();
    b(); return; }
  a();
  b();
  c();
}
