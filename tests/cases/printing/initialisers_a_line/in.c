struct ops o = {
	.open = my_open,
	.read = my_read,
};
