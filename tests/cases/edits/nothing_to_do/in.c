int f(int n)
{
	return absent + n->absent(n);  
}
