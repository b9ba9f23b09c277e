#define WHEEL_LIMIT 16
#define WHEEL_DEPTH 8
#define wheel_speed(dev) readl(dev)
#define wheel_turn(dev) readb((dev)->base)

int wheel_get(struct wheel *dev)
{
	return wheel_speed(dev) + readb(dev);
}
