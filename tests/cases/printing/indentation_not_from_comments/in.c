/* Closes what was opened. The names are given as one string of several,
   separated by NUL, and none is kept. */
void close_it(struct look *i)
{
        use(i);
        safe_close(i->f);
        free(i->name);
}
