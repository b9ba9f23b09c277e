@@
constant c;
identifier i;
@@
- f(c@i)
+ named(i)
