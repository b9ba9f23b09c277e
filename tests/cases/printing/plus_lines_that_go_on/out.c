void f(struct dev *d)
{
	schedule_polling(d, POLL_ALL);
	d->state = start_all(d, "a string", d);
}
