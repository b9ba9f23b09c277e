#define handle_t struct handle
#define size_type __u64
#define owner_type struct owner

void reset(port_t *p);
