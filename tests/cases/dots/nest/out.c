void some(int x)
{
	work();
	begin();
	toil();
	if (x) {
		more();
		toil();
	}
	end();
	work();
}
