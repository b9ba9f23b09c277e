void unwind(struct dev *d)
{
	stop(d);
	drain(d);
	trace_end();
}

void locked(struct dev *d)
{
	lock(d);
	drain(d);
	step(d);
	flush(d);
	step(d);
	unlock(d);
	trace_end();
}

void loop(struct dev *d)
{
	while (more(d)) {
		take(d);
		if (empty(d))
			rest();
		rest();
	}
	trace_end();
}
