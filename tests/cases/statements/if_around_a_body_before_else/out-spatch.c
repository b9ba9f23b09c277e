void f(int a)
{
	if (a) {
		if (ready(a)) {
			run(a);
		}
	}
	else {
		if (ready(1)) {
			run(1);
		}
	}
	if (a)
		while (a) {
			if (ready(2)) {
				run(2);
			}
		}
	else
		g(a);
	do {
		if (ready(3)) {
			run(3);
		}
	}
	while (a);
}
