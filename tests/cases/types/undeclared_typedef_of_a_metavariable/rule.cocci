@@
gate_t *g;
room_t r;
struct door *d;
@@
(
- shut(g)
+ shut_gate(g)
|
- shut(r, sizeof(room_t))
+ shut_room(r)
|
- shut(d)
+ shut_door(d)
)
