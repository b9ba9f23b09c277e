void unwind(struct dev *d)
{
	stop(d);
	drain(d);
}

void locked(struct dev *d)
{
	lock(d);
	drain(d);
	flush(d);
	unlock(d);
}

void loop(struct dev *d)
{
	while (more(d)) {
		take(d);
		if (empty(d))
			break;
		give(d);
	}
}
