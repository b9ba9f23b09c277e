@@
expression i;
@@
- slots[i]
+ slot_at(i)

@@
struct port *p;
@@
- p->nr
+ port_nr(p)
