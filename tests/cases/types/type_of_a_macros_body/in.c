#define handle_t port_t
#define size_type unsigned long
#define owner_type struct task

void reset(port_t *p);
