int f(int n)
{
	if (n)
		goto fail;
	switch (n) {
	case 1:
		goto fail;
	case 2: goto fail;
	default:
		break;
	}
	goto failed;
fail:
	return 1;
failed:
	goto fail;
}
