@@
statement list [2] ss;
@@
{
- ss
+ pair();
}

@r@
statement list [n] ss;
identifier f;
@@
f(...) { ss }

@same@
statement list [r.n] ss;
@@
while (...) {
- ss
+ as_many_as_the_function();
}
