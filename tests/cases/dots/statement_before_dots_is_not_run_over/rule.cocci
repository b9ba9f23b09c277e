@@
statement S;
@@
{
- a();
  ...
  S
}
