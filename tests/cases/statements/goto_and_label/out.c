int f(int n)
{
	if (n)
		goto out;
	switch (n) {
	case 1:
		goto out;
	case 2: goto out;
	default:
		break;
	}
	goto failed;
fail:
	return 1;
failed:
	goto out;
}
