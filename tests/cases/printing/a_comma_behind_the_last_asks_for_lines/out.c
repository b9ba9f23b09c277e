static struct driver drv = {
	.base = {
		.name = foo,
	},
	.probe = foo_probe,
};

static struct device dev = {
	.base = { .name = foo },
	.probe = foo_probe,
};
