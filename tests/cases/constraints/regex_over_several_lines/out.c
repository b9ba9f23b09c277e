void f(int v)
{
	set_old(FOO_A, v);
	set_old(BAR_RX_B, v);
	set(BAR_C, v);
	set_old(BAR_TX, 1);
	set(LEGACY_D, v);
	set_old(E_LEGACY, v);
	pair(QUUX, FOO_A);
	pair(FOO_A, BAR_Q);
}
