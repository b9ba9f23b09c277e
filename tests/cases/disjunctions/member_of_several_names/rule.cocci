@members@
expression dev;
identifier start, stop;
@@

- dev->\(open@start\|close@stop\)(...)
+ ops_call(dev)
