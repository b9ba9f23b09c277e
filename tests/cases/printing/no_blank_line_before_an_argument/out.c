static void show(struct seq *s, struct look *i, int n)
{
		seq_printf(s, "%8s : %8s\n",
			   str_enabled_disabled(recorded_before_the_suspend[n]),
			   str_enabled_disabled(recorded_after_the_suspends[n]));
}
