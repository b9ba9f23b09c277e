typedef struct gate gate_t;
typedef int room_t;

void f(gate_t *g, room_t r, struct door *d, int *n)
{
	shut(g);
	shut(r, sizeof(room_t));
	shut(d);
	shut(n);
}
