void some(int x)
{
	work();
	begin();
	work();
	if (x) {
		more();
		work();
	}
	end();
	work();
}
