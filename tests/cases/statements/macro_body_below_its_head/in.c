#define WHEEL_LIMIT 8
#define WHEEL_DEPTH 8
#define wheel_speed(dev) readb(dev)
#define wheel_turn(dev) readb((dev)->base)

int wheel_get(struct wheel *dev)
{
	return wheel_speed(dev) + readb(dev);
}
