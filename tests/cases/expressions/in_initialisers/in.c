static const struct ops a = {
	.open	= hook(first_open),	/* kept */
	.close	= first_close,
	.sub	= { hook(1), hook( 2 ), { .x = hook(3) } },
};

static int table[] = { [hook(0)] = 1, [1] = hook(1), };
