// SPDX-License-Identifier: GPL-2.0-only

static int foo_sections(struct foo *f, unsigned long start)
{
	DECLARE_BITMAP(map, FOO_SECTIONS);
	DECLARE_BITMAP(tmp, FOO_SECTIONS);
	int rc = 0;

	foo_mask(map, start);
	bitmap_or(tmp, map, f->map, FOO_SECTIONS);
	return rc;
}
