static const struct ops a = {
	.open	= HOOK(first_open),	/* kept */
	.close	= first_close,
	.sub	= { HOOK(1), HOOK(2), { .x = HOOK(3) } },
};

static int table[] = { [HOOK(0)] = 1, [1] = HOOK(1), };
