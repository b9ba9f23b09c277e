static void show(struct seq *s, struct look *i, int n)
{
		seq_printf(s, "%8s : %8s\n",
			   recorded_before_the_suspend[n] ? "enabled" : "disabled",
			   recorded_after_the_suspends[n] ? "enabled" : "disabled");
}
