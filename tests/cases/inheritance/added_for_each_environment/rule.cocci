@r@
identifier o;
@@
static struct ops o = { ... };

@@
identifier r.o, f;
@@
f(...)
{
++	enter(&o);
	run();
++	leave(&o);
}
