struct ops o = {
	.open = my_open,
	.close = my_close,
	.dev = {
		.name = "a",
	},
	.read = my_read,
};
