static struct driver drv = {
	.name = foo,
	.probe = foo_probe,
};

static struct device dev = {
	.name = foo,
	.probe = foo_probe,
};
