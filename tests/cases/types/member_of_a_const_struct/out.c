struct box {
	int i;
	int row[4];
};

int *loses_const(const struct box *b, struct box *own)
{
	own->i = b->i;
	use(&own->i, &own->row[0]);
	return b->i ? (int *)&b->i : (int *)&b->row[0];
}
