void f(int x)
{
  if (x) { a(); return; }
  a();
  c();
}
