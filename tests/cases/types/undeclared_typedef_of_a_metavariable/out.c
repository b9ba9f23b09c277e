typedef struct gate gate_t;
typedef int room_t;

void f(gate_t *g, room_t r, struct door *d, int *n)
{
	shut_gate(g);
	shut_room(r);
	shut_door(d);
	shut(n);
}
