@members@
expression dev;
identifier start, stop;
@@

- dev->\(open@start\|close@stop\)(...)
+ ops_call(dev)

@bodies@
type T;
@@

- #define handle_t T
