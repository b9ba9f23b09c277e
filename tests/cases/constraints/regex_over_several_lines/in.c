void f(int v)
{
	set(FOO_A, v);
	set(BAR_RX_B, v);
	set(BAR_C, v);
	set(BAR_TX, 1);
	set(LEGACY_D, v);
	set(E_LEGACY, v);
	pair(FOO_A, QUUX);
	pair(FOO_A, BAR_Q);
}
