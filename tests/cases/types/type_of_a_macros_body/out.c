#define handle_t struct handle

void reset(port_t *p);
