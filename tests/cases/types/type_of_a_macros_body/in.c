#define handle_t port_t

void reset(port_t *p);
