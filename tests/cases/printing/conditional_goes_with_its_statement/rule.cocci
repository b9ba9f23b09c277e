@@
statement S;
@@
  begin();
- S
+ middle();
  end();

@@
expression x, E;
@@
- x = reserve(E);
